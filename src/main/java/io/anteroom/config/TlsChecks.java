package io.anteroom.config;

import io.anteroom.config.tls.CertificateFiles;
import io.anteroom.config.tls.CertificateFiles.CertificateReading;
import io.anteroom.config.tls.Pem.WrongPem;
import io.anteroom.config.tls.Trust.Authority;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Whether the certificates that the settings name can be used; blocks while it reads their files. */
final class TlsChecks {
  private final Settings settings;
  private final Answers answers;

  TlsChecks(Settings settings, Answers answers) {
    this.settings = settings;
    this.answers = answers;
  }

  /** Complains to the answers. */
  void run() {
    check(Keys.HTTP_TLS_CERT, Keys.HTTP_TLS_KEY);
    check(Keys.HTTP_ADMIN_TLS_CERT, Keys.HTTP_ADMIN_TLS_KEY);
    check(Keys.REDIS_TLS_CERT, Keys.REDIS_TLS_KEY);
    check(Keys.CLUSTER_TLS_CERT, Keys.CLUSTER_TLS_KEY);
    check(Keys.REDIS_TLS_CA);
    check(Keys.CLUSTER_TLS_CA);
    check(Keys.INSTANCE_TLS_CA);
    membersShowAndAskForCertificates();
    redisIsSpokenToWithTls();
    studentsSeeTls();
  }

  private void check(Setting<Optional<Path>> chain, Setting<Optional<Path>> key) {
    goTogether(chain, key);
    if (given(chain) && given(key)) {
      CertificateReading reading =
        new CertificateFiles(answers.get(chain).orElseThrow(), answers.get(key).orElseThrow()).read();
      reading.wrongChain().ifPresent(wrong -> answers.complain(chain, wrong));
      reading.wrongKey().ifPresent(wrong -> answers.complain(key, wrong));
    }
  }

  private void check(Setting<Optional<Path>> authority) {
    try {
      answers.get(authority).ifPresent(Authority::read);
    } catch (WrongPem wrong) {
      answers.complain(authority, wrong.getMessage());
    }
  }

  private void membersShowAndAskForCertificates() {
    goTogether(Keys.CLUSTER_TLS_CERT, Keys.CLUSTER_TLS_CA);
    if (given(Keys.CLUSTER_TLS_CERT) && given(Keys.CLUSTER_TLS_CA)
        && answers.areSound(Keys.CLUSTER_TLS_CERT, Keys.CLUSTER_TLS_KEY, Keys.CLUSTER_TLS_CA)) {
      Path authority = answers.get(Keys.CLUSTER_TLS_CA).orElseThrow();
      if (!Authority.read(authority).hasIssued(answers.get(Keys.CLUSTER_TLS_CERT).orElseThrow())) {
        answers.complain(Keys.CLUSTER_TLS_CERT, "right would be one that was issued by %s in %s: no other node would"
          .formatted(Keys.CLUSTER_TLS_CA.key(), authority) + " let this one in");
      }
    }
  }

  private void redisIsSpokenToWithTls() {
    boolean plain = settings.redis().url()
      .filter(urls -> RedisUrl.each(urls).stream().allMatch(url -> url.startsWith("rediss:"))).isEmpty();
    for (Setting<Optional<Path>> setting : List.of(Keys.REDIS_TLS_CA, Keys.REDIS_TLS_CERT)) {
      if (plain && given(setting) && answers.areSound(Keys.REDIS_URL)) {
        answers.complain(setting, "right would be nothing, or %s with rediss:// in place of redis://"
          .formatted(Keys.REDIS_URL.key()));
      }
    }
  }

  private void studentsSeeTls() {
    boolean plain = settings.http().front().publicUrl().filter(url -> "http".equals(url.getScheme())).isPresent();
    if (plain && given(Keys.HTTP_TLS_CERT)) {
      answers.complain(Keys.HTTP_PUBLIC_URL, "right would be https://…, since %s is set"
        .formatted(Keys.HTTP_TLS_CERT.key()));
    }
  }

  private void goTogether(Setting<Optional<Path>> one, Setting<Optional<Path>> other) {
    missing(one, other);
    missing(other, one);
  }

  private void missing(Setting<Optional<Path>> setting, Setting<Optional<Path>> given) {
    if (!given(setting) && given(given)) {
      answers.complain(setting, "right would be the file that goes with %s".formatted(given.key()));
    }
  }

  private boolean given(Setting<Optional<Path>> setting) {
    return answers.get(setting).isPresent();
  }
}
