package io.anteroom.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.anteroom.config.files.InvalidSettingsException;
import io.anteroom.net.CidrRange;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an administrator says of the proxy in front. */
class FrontSettingsTest {
  @Test
  void unlessToldNothingStandsInFront() {
    assertThat(ConfigLoader.load(Optional.empty(), Map.of()).settings().http().front())
      .isEqualTo(Settings.Front.NOTHING);
  }

  @ParameterizedTest
  @CsvSource({"https://comfy.school.example, https://comfy.school.example",
    "https://Comfy.School.example/, https://comfy.school.example",
    "https://comfy.school.example:443, https://comfy.school.example",
    "http://10.1.2.3:80, http://10.1.2.3", "http://10.1.2.3:8080, http://10.1.2.3:8080",
    "https://[fd00::1]:8443, https://[fd00::1]:8443"})
  void thePublicAddressIsKeptAsABrowserSaysIt(String given, String origin) {
    Settings settings = ConfigLoader.load(Optional.empty(), Map.of("ANTEROOM_HTTP_PUBLIC_URL", given)).settings();

    assertThat(settings.http().front().publicUrl()).contains(URI.create(origin));
  }

  @ParameterizedTest
  @ValueSource(strings = {"comfy.school.example", "ftp://comfy", "https://comfy/u/", "https://a@comfy",
    "https://comfy?a", "https://", "https://*.school.example", "https://a b"})
  void whatIsNoOriginIsRefused(String given) {
    assertComplaint("ANTEROOM_HTTP_PUBLIC_URL", given, "http.public_url: invalid value '" + given + "'");
  }

  @Test
  void proxiesAreAddressesAndRanges() {
    Map<String, String> given = Map.of("ANTEROOM_HTTP_TRUSTED_PROXIES", "127.0.0.1, 10.1.2.0/24,fd00:1::/64");

    assertThat(ConfigLoader.load(Optional.empty(), given).settings().http().front().trustedProxies())
      .extracting(CidrRange::toString).containsExactly("127.0.0.1", "10.1.2.0/24", "fd00:1:0:0:0:0:0:0/64");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0/0", "::/0", "proxy.school.example", "10.1.2.3/24", "10.1.2.3 10.1.2.4", "*"})
  void aListOfEverybodyOrOfNamesIsRefused(String given) {
    assertComplaint("ANTEROOM_HTTP_TRUSTED_PROXIES", given, "http.trusted_proxies: invalid value '" + given + "'");
  }

  private static void assertComplaint(String variable, String given, String complaint) {
    assertThatExceptionOfType(InvalidSettingsException.class)
      .isThrownBy(() -> ConfigLoader.load(Optional.empty(), Map.of(variable, given)))
      .withMessageContaining(complaint).withMessageContaining("expected");
  }
}
