package io.anteroom.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.anteroom.config.files.InvalidSettingsException;
import io.anteroom.config.tls.CertificateFiles;
import io.anteroom.support.server.TestAuthority;
import io.anteroom.support.server.TestAuthority.Issued;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TlsValidatorTest {
  @TempDir
  private Path folder;
  private TestAuthority authority;
  private Issued good;

  @BeforeEach
  void issue() {
    authority = new TestAuthority("lab-ca", folder);
    good = authority.issue("node");
  }

  @Test
  void goodFilesAreInTheSettings() {
    Settings settings = ConfigLoader.load(Optional.empty(), Map.of(
      "ANTEROOM_HTTP_TLS_CERT", good.chain().toString(), "ANTEROOM_HTTP_TLS_KEY", good.key().toString(),
      "ANTEROOM_REDIS_URL", "rediss://db", "ANTEROOM_REDIS_TLS_CA", authority.file().toString(),
      "ANTEROOM_CLUSTER_TLS_CERT", good.chain().toString(), "ANTEROOM_CLUSTER_TLS_KEY", good.key().toString(),
      "ANTEROOM_CLUSTER_TLS_CA", authority.file().toString())).settings();

    assertThat(settings.http().tls()).contains(new CertificateFiles(good.chain(), good.key()));
    assertThat(settings.http().adminTls()).isEmpty();
    assertThat(settings.redis().tls().authority()).contains(authority.file());
    assertThat(settings.redis().tls().isMutual()).isFalse();
    assertThat(settings.cluster().tls().isMutual()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"HTTP_TLS", "HTTP_ADMIN_TLS", "CLUSTER_TLS"})
  void allThatIsWrongWithAPairIsToldAtOnce(String where) {
    Issued late = authority.issueExpired("late");

    List<String> complaints = complaints(
      "ANTEROOM_%s_CERT".formatted(where), late.chain(), "ANTEROOM_%s_KEY".formatted(where), folder.resolve("no.key"),
      "ANTEROOM_CLUSTER_TLS_CA", authority.file(), "ANTEROOM_HTTP_PORT", "x");

    String key = where.toLowerCase().replaceFirst("_tls", ".tls").replace("admin.tls", "admin_tls")
      .replace("http_admin", "http.admin");
    assertThat(complaints)
      .anyMatch(one -> one.startsWith(key + ".cert: invalid value '" + late.chain()) && one.contains("has expired on"))
      .anyMatch(one -> one.startsWith(key + ".key: invalid value '") && one.contains("cannot be read"))
      .anyMatch(one -> one.startsWith("http.port: invalid value 'x'"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"HTTP_TLS", "HTTP_ADMIN_TLS", "REDIS_TLS"})
  void halfAPairIsNone(String where) {
    assertThat(complaints("ANTEROOM_%s_CERT".formatted(where), good.chain(), "ANTEROOM_REDIS_URL", "rediss://db"))
      .singleElement().asString().contains(".key: no value").contains("expected the file that belongs to");
    assertThat(complaints("ANTEROOM_%s_KEY".formatted(where), good.key(), "ANTEROOM_REDIS_URL", "rediss://db"))
      .singleElement().asString().contains(".cert: no value").contains("expected the file that belongs to");
  }

  @Test
  void membersNeedCertificateKeyAndAuthority() {
    assertThat(complaints("ANTEROOM_CLUSTER_TLS_CERT", good.chain(), "ANTEROOM_CLUSTER_TLS_KEY", good.key()))
      .singleElement().asString().startsWith("cluster.tls.ca: no value");
    assertThat(complaints("ANTEROOM_CLUSTER_TLS_CA", authority.file())).hasSize(1)
      .allMatch(one -> one.startsWith("cluster.tls.cert: no value"));
  }

  @Test
  void aMembersCertificateIsOfTheMembersAuthority() {
    Path other = new TestAuthority("other-ca", folder).file();

    assertThat(complaints("ANTEROOM_CLUSTER_TLS_CERT", good.chain(), "ANTEROOM_CLUSTER_TLS_KEY", good.key(),
      "ANTEROOM_CLUSTER_TLS_CA", other)).singleElement().asString()
      .contains("cluster.tls.cert: invalid value '" + good.chain(), "expected one that was issued by cluster.tls.ca");
  }

  @Test
  void anAuthorityWithoutCertificatesIsNone() {
    assertThat(complaints("ANTEROOM_REDIS_URL", "rediss://db", "ANTEROOM_REDIS_TLS_CA", good.key()))
      .singleElement().asString().contains("redis.tls.ca: invalid value '" + good.key())
      .contains("no certificate in it");
  }

  @Test
  void anAuthorityOfTheMembersThatIsNoneIsToldOnceAndByItsKey() {
    assertThat(complaints("ANTEROOM_CLUSTER_TLS_CERT", good.chain(), "ANTEROOM_CLUSTER_TLS_KEY", good.key(),
      "ANTEROOM_CLUSTER_TLS_CA", good.key())).singleElement().asString()
      .contains("cluster.tls.ca: invalid value '" + good.key()).contains("no certificate in it");
  }

  @Test
  void filesForRedisAreForRediss() {
    assertThat(complaints("ANTEROOM_REDIS_URL", "redis://db", "ANTEROOM_REDIS_TLS_CA", authority.file()))
      .singleElement().asString().contains("redis.tls.ca: invalid value '").contains("rediss:// instead of redis://");
  }

  @Test
  void withTlsThePublicAddressHasIt() {
    assertThat(complaints("ANTEROOM_HTTP_TLS_CERT", good.chain(), "ANTEROOM_HTTP_TLS_KEY", good.key(),
      "ANTEROOM_HTTP_PUBLIC_URL", "http://comfy.school.example")).singleElement().asString()
      .startsWith("http.public_url: invalid value 'http://comfy.school.example'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "::"})
  void membersDoNotListenEverywhereUnlessThatIsMeant(String host) {
    assertThat(complaints("ANTEROOM_CLUSTER_HOST", host)).singleElement().asString()
      .contains("cluster.host: invalid value '" + host).contains("ANTEROOM_CLUSTER_ANY_INTERFACE=true");
    assertThat(ConfigLoader.load(Optional.empty(), Map.of("ANTEROOM_CLUSTER_HOST", host,
      "ANTEROOM_CLUSTER_ANY_INTERFACE", "true")).settings().cluster().host()).isEqualTo(host);
  }

  /** What is complained of with these variables and values, in turn. */
  private static List<String> complaints(Object... given) {
    Map<String, String> environment = new HashMap<>();
    for (int i = 0; i < given.length; i += 2) {
      environment.put(given[i].toString(), given[i + 1].toString());
    }
    return catchThrowableOfType(InvalidSettingsException.class, () -> ConfigLoader.load(Optional.empty(), environment))
      .complaints();
  }
}
