package io.anteroom.config;

import io.anteroom.config.tls.CertificateFiles;
import io.anteroom.config.tls.CertificateFiles.CertificateReading;
import io.anteroom.config.tls.Pem.WrongPem;
import io.anteroom.config.tls.TlsTrust.Authority;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Whether the certificates that the settings name can be used; blocks while it reads their files. */
final class TlsValidator {
  private final Settings settings;
  private final OptionValues answers;

  TlsValidator(Settings settings, OptionValues answers) {
    this.settings = settings;
    this.answers = answers;
  }

  /** Complains to the answers. */
  void run() {
    check(ConfigOptions.HTTP_TLS_CERT, ConfigOptions.HTTP_TLS_KEY);
    check(ConfigOptions.HTTP_ADMIN_TLS_CERT, ConfigOptions.HTTP_ADMIN_TLS_KEY);
    check(ConfigOptions.REDIS_TLS_CERT, ConfigOptions.REDIS_TLS_KEY);
    check(ConfigOptions.CLUSTER_TLS_CERT, ConfigOptions.CLUSTER_TLS_KEY);
    check(ConfigOptions.REDIS_TLS_CA);
    check(ConfigOptions.CLUSTER_TLS_CA);
    check(ConfigOptions.INSTANCE_TLS_CA);
    membersShowAndAskForCertificates();
    redisIsSpokenToWithTls();
    studentsSeeTls();
  }

  private void check(ConfigOption<Optional<Path>> chain, ConfigOption<Optional<Path>> key) {
    goTogether(chain, key);
    if (given(chain) && given(key)) {
      CertificateReading reading =
        new CertificateFiles(answers.get(chain).orElseThrow(), answers.get(key).orElseThrow()).read();
      reading.wrongChain().ifPresent(wrong -> answers.complain(chain, wrong));
      reading.wrongKey().ifPresent(wrong -> answers.complain(key, wrong));
    }
  }

  private void check(ConfigOption<Optional<Path>> authority) {
    try {
      answers.get(authority).ifPresent(Authority::read);
    } catch (WrongPem wrong) {
      answers.complain(authority, wrong.getMessage());
    }
  }

  private void membersShowAndAskForCertificates() {
    goTogether(ConfigOptions.CLUSTER_TLS_CERT, ConfigOptions.CLUSTER_TLS_CA);
    if (given(ConfigOptions.CLUSTER_TLS_CERT) && given(ConfigOptions.CLUSTER_TLS_CA)
        && answers.areSound(ConfigOptions.CLUSTER_TLS_CERT, ConfigOptions.CLUSTER_TLS_KEY,
        ConfigOptions.CLUSTER_TLS_CA)) {
      Path authority = answers.get(ConfigOptions.CLUSTER_TLS_CA).orElseThrow();
      if (!Authority.read(authority).hasIssued(answers.get(ConfigOptions.CLUSTER_TLS_CERT).orElseThrow())) {
        answers.complain(ConfigOptions.CLUSTER_TLS_CERT,
          "right would be one that was issued by %s in %s: no other node would"
          .formatted(ConfigOptions.CLUSTER_TLS_CA.key(), authority) + " let this one in");
      }
    }
  }

  private void redisIsSpokenToWithTls() {
    boolean plain = settings.redis().url()
      .filter(urls -> RedisUrl.each(urls).stream().allMatch(url -> url.startsWith("rediss:"))).isEmpty();
    for (ConfigOption<Optional<Path>> setting : List.of(ConfigOptions.REDIS_TLS_CA, ConfigOptions.REDIS_TLS_CERT)) {
      if (plain && given(setting) && answers.areSound(ConfigOptions.REDIS_URL)) {
        answers.complain(setting, "right would be nothing, or %s with rediss:// in place of redis://"
          .formatted(ConfigOptions.REDIS_URL.key()));
      }
    }
  }

  private void studentsSeeTls() {
    boolean plain = settings.http().front().publicUrl().filter(url -> "http".equals(url.getScheme())).isPresent();
    if (plain && given(ConfigOptions.HTTP_TLS_CERT)) {
      answers.complain(ConfigOptions.HTTP_PUBLIC_URL, "right would be https://…, since %s is set"
        .formatted(ConfigOptions.HTTP_TLS_CERT.key()));
    }
  }

  private void goTogether(ConfigOption<Optional<Path>> one, ConfigOption<Optional<Path>> other) {
    missing(one, other);
    missing(other, one);
  }

  private void missing(ConfigOption<Optional<Path>> setting, ConfigOption<Optional<Path>> given) {
    if (!given(setting) && given(given)) {
      answers.complain(setting, "right would be the file that goes with %s".formatted(given.key()));
    }
  }

  private boolean given(ConfigOption<Optional<Path>> setting) {
    return answers.get(setting).isPresent();
  }
}
