package io.anteroom.config;

import io.anteroom.config.tls.CertificateFiles;
import io.anteroom.config.tls.CertificateFiles.CertificateReading;
import io.anteroom.config.tls.Pem.WrongPem;
import io.anteroom.config.tls.TlsTrust.Authority;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Checks that the certificates that the settings name can be used. Blocks while it reads their files. */
final class TlsValidator {
  private final Settings settings;
  private final OptionValues values;

  TlsValidator(Settings settings, OptionValues values) {
    this.settings = settings;
    this.values = values;
  }

  /** Records errors in the values. */
  void run() {
    check(ConfigOptions.HTTP_TLS_CERT, ConfigOptions.HTTP_TLS_KEY);
    check(ConfigOptions.HTTP_ADMIN_TLS_CERT, ConfigOptions.HTTP_ADMIN_TLS_KEY);
    check(ConfigOptions.REDIS_TLS_CERT, ConfigOptions.REDIS_TLS_KEY);
    check(ConfigOptions.CLUSTER_TLS_CERT, ConfigOptions.CLUSTER_TLS_KEY);
    check(ConfigOptions.REDIS_TLS_CA);
    check(ConfigOptions.CLUSTER_TLS_CA);
    check(ConfigOptions.INSTANCE_TLS_CA);
    checkMutualTls();
    checkRedisUsesTls();
    checkPublicUrlUsesTls();
  }

  private void check(ConfigOption<Optional<Path>> chain, ConfigOption<Optional<Path>> key) {
    checkBothOrNeither(chain, key);
    if (given(chain) && given(key)) {
      CertificateReading reading =
        new CertificateFiles(values.get(chain).orElseThrow(), values.get(key).orElseThrow()).read();
      reading.wrongChain().ifPresent(wrong -> values.complain(chain, wrong));
      reading.wrongKey().ifPresent(wrong -> values.complain(key, wrong));
    }
  }

  private void check(ConfigOption<Optional<Path>> authority) {
    try {
      values.get(authority).ifPresent(Authority::read);
    } catch (WrongPem wrong) {
      values.complain(authority, wrong.getMessage());
    }
  }

  private void checkMutualTls() {
    checkBothOrNeither(ConfigOptions.CLUSTER_TLS_CERT, ConfigOptions.CLUSTER_TLS_CA);
    if (given(ConfigOptions.CLUSTER_TLS_CERT) && given(ConfigOptions.CLUSTER_TLS_CA)
        && values.areSound(ConfigOptions.CLUSTER_TLS_CERT, ConfigOptions.CLUSTER_TLS_KEY,
        ConfigOptions.CLUSTER_TLS_CA)) {
      Path authority = values.get(ConfigOptions.CLUSTER_TLS_CA).orElseThrow();
      if (!Authority.read(authority).hasIssued(values.get(ConfigOptions.CLUSTER_TLS_CERT).orElseThrow())) {
        values.complain(ConfigOptions.CLUSTER_TLS_CERT,
          "expected one that was issued by %s in %s: no other node would"
          .formatted(ConfigOptions.CLUSTER_TLS_CA.key(), authority) + " accept this one");
      }
    }
  }

  private void checkRedisUsesTls() {
    boolean plain = settings.redis().url()
      .filter(urls -> RedisUrl.each(urls).stream().allMatch(url -> url.startsWith("rediss:"))).isEmpty();
    for (ConfigOption<Optional<Path>> setting : List.of(ConfigOptions.REDIS_TLS_CA, ConfigOptions.REDIS_TLS_CERT)) {
      if (plain && given(setting) && values.areSound(ConfigOptions.REDIS_URL)) {
        values.complain(setting, "expected nothing, or %s with rediss:// instead of redis://"
          .formatted(ConfigOptions.REDIS_URL.key()));
      }
    }
  }

  private void checkPublicUrlUsesTls() {
    boolean plain = settings.http().front().publicUrl().filter(url -> "http".equals(url.getScheme())).isPresent();
    if (plain && given(ConfigOptions.HTTP_TLS_CERT)) {
      values.complain(ConfigOptions.HTTP_PUBLIC_URL, "expected https://…, since %s is set"
        .formatted(ConfigOptions.HTTP_TLS_CERT.key()));
    }
  }

  private void checkBothOrNeither(ConfigOption<Optional<Path>> one, ConfigOption<Optional<Path>> other) {
    missing(one, other);
    missing(other, one);
  }

  private void missing(ConfigOption<Optional<Path>> setting, ConfigOption<Optional<Path>> given) {
    if (!given(setting) && given(given)) {
      values.complain(setting, "expected the file that belongs to %s".formatted(given.key()));
    }
  }

  private boolean given(ConfigOption<Optional<Path>> setting) {
    return values.get(setting).isPresent();
  }
}
