package io.anteroom.trial.nemesis;

import static io.anteroom.support.Awaited.done;

import io.anteroom.simulator.SimulatedComfy;

/** What may happen to an instance, mostly to one that runs something. */
public enum InstanceNemesis implements Fault {
  INSTANCE_DOWN("connections are refused for 2 to 8 s, while its work goes on") {
    @Override
    void strike(FaultContext scene, SimulatedComfy comfy) throws InterruptedException {
      done(comfy.goDown());
      scene.lasts(2, 8);
      done(comfy.comeUp());
    }
  },

  INSTANCE_RESTARTED("restarted: what ran is killed, queue and history are empty") {
    @Override
    void strike(FaultContext scene, SimulatedComfy comfy) {
      done(comfy.restart());
    }
  },

  INSTANCE_KILLED("killed, and started again empty after 2 to 8 s") {
    @Override
    void strike(FaultContext scene, SimulatedComfy comfy) throws InterruptedException {
      done(comfy.goDown());
      done(comfy.forgetEverything());
      scene.lasts(2, 8);
      done(comfy.comeUp());
    }
  },

  INSTANCE_HANGS("takes every request and answers none for 2 to 10 s") {
    @Override
    void strike(FaultContext scene, SimulatedComfy comfy) throws InterruptedException {
      done(comfy.hang());
      scene.lasts(2, 10);
      done(comfy.heal());
    }
  },

  ZOMBIE("its worker dies, HTTP goes on; restarted after 3 to 25 s") {
    @Override
    void strike(FaultContext scene, SimulatedComfy comfy) throws InterruptedException {
      done(comfy.zombie());
      scene.lasts(3, 25);
      done(comfy.restart());
    }
  },

  INSTANCE_SLOW("every request takes 10 s, for 4 to 12 s") {
    @Override
    void strike(FaultContext scene, SimulatedComfy comfy) throws InterruptedException {
      done(comfy.slow(10_000));
      scene.lasts(4, 12);
      done(comfy.heal());
    }
  },

  ANSWERS_LOST("takes its next two prompts, but breaks the connection instead of answering") {
    @Override
    void strike(FaultContext scene, SimulatedComfy comfy) throws InterruptedException {
      done(comfy.loseAnswers(2));
      scene.lasts(3, 6);
      done(comfy.heal());
    }
  },

  ANSWERS_SPOILT("takes its next two prompts, but answers 500") {
    @Override
    void strike(FaultContext scene, SimulatedComfy comfy) throws InterruptedException {
      done(comfy.answer500ButEnqueue(2));
      scene.lasts(3, 6);
      done(comfy.heal());
    }
  },

  DISK_FULL("answers every prompt with 500 and takes none, for 2 to 8 s") {
    @Override
    void strike(FaultContext scene, SimulatedComfy comfy) throws InterruptedException {
      done(comfy.answer500(Integer.MAX_VALUE));
      scene.lasts(2, 8);
      done(comfy.heal());
    }
  },

  INSTANCE_STALLED("takes prompts and begins none for 3 to 10 s, while HTTP goes on") {
    @Override
    void strike(FaultContext scene, SimulatedComfy comfy) throws InterruptedException {
      done(comfy.stall());
      scene.lasts(3, 10);
      done(comfy.heal());
    }
  },

  FLAPPING("refuses connections and listens again, five times in some seconds") {
    @Override
    void strike(FaultContext scene, SimulatedComfy comfy) throws InterruptedException {
      for (int times = 0; times < 5; times++) {
        done(comfy.goDown());
        scene.lasts(0.1, 1);
        done(comfy.comeUp());
        scene.lasts(0.1, 1);
      }
    }
  };

  private final String story;

  InstanceNemesis(String story) {
    this.story = story;
  }

  abstract void strike(FaultContext scene, SimulatedComfy comfy) throws InterruptedException;

  @Override
  public String happen(FaultContext scene) throws InterruptedException {
    SimulatedComfy comfy = scene.anyInstance();
    strike(scene, comfy);
    return comfy.name();
  }

  @Override
  public String story() {
    return story;
  }

  @Override
  public Reach reach() {
    return Reach.INSTANCE;
  }
}
