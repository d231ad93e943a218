package io.anteroom.config;

import io.anteroom.config.Isolation.By;
import io.anteroom.net.AddressRange;
import io.anteroom.net.PortRange;
import java.util.stream.Collectors;

/** Whether each student can have an origin of his own, as the settings want it. */
final class IsolationChecks {
  private final Settings settings;
  private final Answers answers;

  IsolationChecks(Settings settings, Answers answers) {
    this.settings = settings;
    this.answers = answers;
  }

  /** Complains to the answers. */
  void run() {
    By by = settings.http().isolation().by();
    if (by == By.PATH || !answers.areSound(Keys.ISOLATION_BY, Keys.ISOLATION_PORTS)) {
      return;
    }
    if (settings.auth().isOpen()) {
      answers.complain(Keys.ISOLATION_BY, ("right would be path, or %s with a way to sign in: with open, anybody may"
        + " open anybody's page anyway").formatted(Keys.AUTH_MODE.key()));
    }
    if (by == By.PORT) {
      portsAreFree();
    } else {
      namesAreBelowASafeOne();
    }
  }

  private void portsAreFree() {
    PortRange ports = settings.http().isolation().ports();
    if (ports.size() == 0) {
      answers.complain(Keys.ISOLATION_PORTS, "right would be a range with a port for each student, as 8201-8260, since"
        + " %s is port".formatted(Keys.ISOLATION_BY.key()));
    }
    String taken = CrossChecks.ports(settings).entrySet().stream().filter(other -> ports.contains(other.getValue()))
      .map(other -> "%d (%s)".formatted(other.getValue(), other.getKey().key())).collect(Collectors.joining(", "));
    if (!taken.isEmpty()) {
      answers.complain(Keys.ISOLATION_PORTS, "right would be a range without " + taken);
    }
  }

  private void namesAreBelowASafeOne() {
    boolean safe = settings.http().front().publicUrl()
      .filter(url -> "https".equals(url.getScheme()) && AddressRange.address(url.getHost()).isEmpty()).isPresent();
    if (!safe && answers.areSound(Keys.HTTP_PUBLIC_URL)) {
      answers.complain(Keys.HTTP_PUBLIC_URL, ("right would be https:// and a name, below which each student gets one of"
        + " his own, since %s is host").formatted(Keys.ISOLATION_BY.key()));
    }
  }
}
