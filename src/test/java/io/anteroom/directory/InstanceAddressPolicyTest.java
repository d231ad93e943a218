package io.anteroom.directory;

import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.attack.Attack;
import io.anteroom.config.ConfigLoader;
import io.anteroom.config.Settings;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Attacks by whoever may edit the list of instances: what is asked there is asked in Anteroom's name. */
class InstanceAddressPolicyTest {
  private final InstanceAddressPolicy check = new InstanceAddressPolicy(Set.of(8080, 8081, 5701, 6379));

  @Attack(32)
  @ParameterizedTest
  @ValueSource(strings = {
    "http://169.254.169.254/latest", "http://169.254.0.1:8188", "http://[fe80::1]:8188", "http://[::ffff:169.254.1.1]",
    "http://0.0.0.0:8188", "http://[::]:8188", "http://224.0.0.1:8188", "http://[ff02::1]:8188", "http://2852039166/",
    "http://0xa9fea9fe/", "http://169.254.169.254./", "http://0xa9.0xfe.0xa9.0xfe/", "http://169.16689662/",
    "http://127.0.0.1:8081", "http://127.0.0.1:8080", "http://localhost:8081", "http://LOCALHOST.:5701",
    "http://127.3.2.1:6379", "http://[::1]:8081", "http://x.localhost:8081", "http://127.1:8081",
    "http://[::ffff:127.0.0.1]:8081", "https://[::ffff:7f00:1]:8081",
  })
  void noInstanceIsWhereSecretsOrWeAre(String url) {
    assertThat(check.objection(URI.create(url))).isPresent();
  }

  @Attack(32)
  @Test
  void noPortOfOursIsAnInstanceByAnyAddressOfThisMachine() throws Exception {
    for (NetworkInterface network : NetworkInterface.networkInterfaces().toList()) {
      for (InetAddress address : network.inetAddresses().toList()) {
        String host = address.getHostAddress().replaceFirst("%.*", "");
        assertThat(check.objection(URI.create("http://" + (host.contains(":") ? "[" + host + "]" : host) + ":8081")))
          .as(host).isPresent();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://127.0.0.1:8188", "http://[::1]:8188", "http://localhost:8188/one",
    "http://10.0.0.7:8081",
    "https://gpu.lab", "http://192.168.1.9:8188", "http://[fd00::7]:8188", "http://gpu-01:8081", "http://de.ad:8188"})
  void aComfyUiMayBeAnywhereElse(String url) {
    assertThat(check.objection(URI.create(url))).isEmpty();
  }

  @Attack(32)
  @Test
  void everyPortThatTheSettingsGiveAwayIsOurs() {
    Settings embedded = ConfigLoader.load(Optional.empty(), Map.of("ANTEROOM_HTTP_PORT", "9001")).settings();
    Settings outside = withRedis("rediss://u:p%3A1@db.lab:7001/0");

    for (int port : List.of(9001, embedded.http().adminPort(), embedded.redis().port(), embedded.cluster().port(),
      embedded.cluster().eventBusPort())) {
      assertThat(InstanceAddressPolicy.of(embedded).own()).contains(port);
    }
    assertThat(InstanceAddressPolicy.of(outside).own()).contains(7001).doesNotContain(embedded.redis().port());
    assertThat(InstanceAddressPolicy.of(withRedis("redis://:7001@db.lab")).own()).contains(6379).doesNotContain(7001);
  }

  private static Settings withRedis(String url) {
    return ConfigLoader.load(Optional.empty(), Map.of("ANTEROOM_REDIS_URL", url)).settings();
  }
}
