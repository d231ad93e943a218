package io.anteroom.cli;

import io.anteroom.cli.CommonOptions.BuildVersion;
import io.anteroom.config.Settings;
import io.anteroom.config.files.InvalidSettingsException;
import io.anteroom.doctor.Doctor;
import io.anteroom.doctor.Report;
import io.anteroom.doctor.Report.Finding;
import io.anteroom.node.Launcher;
import io.vertx.core.Vertx;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code doctor}: checks the lab and suggests remedies. */
@Command(name = "doctor", mixinStandardHelpOptions = true, versionProvider = BuildVersion.class,
  description = "Checks settings, files, Redis, cluster and every instance. Changes and runs nothing.",
  exitCodeListHeading = "%nExit codes:%n", exitCodeList = {"0:no errors", "1:errors found"})
public final class DoctorCommand implements Callable<Integer> {
  private static final int TIMEOUT_MINUTES = 10;
  private static final int CLOSE_SECONDS = 30;

  @Spec
  private CommandSpec spec;

  @Mixin
  private final CommonOptions settings;

  @Option(names = "--json", description = "Print the report as JSON.")
  private boolean json;

  public DoctorCommand(CommonOptions settings) {
    this.settings = settings;
  }

  @Override
  public Integer call() throws InterruptedException {
    Report report = report();
    PrintWriter out = spec.commandLine().getOut();
    out.println(json ? report.json() : report.table());
    out.flush();
    return report.isGood() ? ExitCode.OK : ExitCode.SOFTWARE;
  }

  private Report report() throws InterruptedException {
    try {
      return examine(settings.load().settings());
    } catch (InvalidSettingsException wrong) {
      return new Report(Doctor.complaints("settings", wrong).toList());
    }
  }

  /** Waits on the command's own thread, which also closes Vert.x: a closed event loop would complete nothing. */
  private static Report examine(Settings settings) throws InterruptedException {
    BlockingQueue<Report> answer = new ArrayBlockingQueue<>(1);
    Vertx vertx = Vertx.vertx();
    new Doctor(vertx, settings).examine()
      .otherwise(cause -> new Report(List.of(Finding.wrong("doctor", "failed: " + cause, ""))))
      .onSuccess(answer::add);
    Report report = answer.poll(TIMEOUT_MINUTES, TimeUnit.MINUTES);
    Launcher.await(vertx.close(), CLOSE_SECONDS);
    return report != null ? report
      : new Report(List.of(Finding.wrong("doctor", "timed out", "")));
  }
}
