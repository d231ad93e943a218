package io.anteroom.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CidrRangeTest {
  @ParameterizedTest
  @CsvSource({
    "10.1.2.0/24,     10.1.2.0,          true",
    "10.1.2.0/24,     10.1.2.255,        true",
    "10.1.2.0/24,     10.1.3.0,          false",
    "10.1.2.0/24,     10.1.1.255,        false",
    "10.1.2.128/25,   10.1.2.127,        false",
    "10.1.2.3,        10.1.2.3,          true",
    "10.1.2.3,        10.1.2.4,          false",
    "10.1.2.3/32,     10.1.2.3,          true",
    "128.0.0.0/1,     200.0.0.1,         true",
    "128.0.0.0/1,     127.0.0.1,         false",
    "0.0.0.0/0,       203.0.113.9,       true",
    "0.0.0.0/0,       ::1,               false",
    "fd00::/8,        fdff:1::2,         true",
    "fd00::/8,        fe00::1,           false",
    "2001:db8::/33,   2001:db8:7fff::1,  true",
    "2001:db8::/33,   2001:db8:8000::1,  false",
    "::1,             ::1,               true",
    "::1,             0:0:0:0:0:0:0:1,   true",
    "10.1.2.0/24,     ::ffff:10.1.2.3,   true",
    "::ffff:10.1.2.3, 10.1.2.3,          true",
    "::/0,            10.1.2.3,          false"
  })
  void itContainsWhatBeginsWithItsBits(String range, String address, boolean contained) {
    InetAddress one = CidrRange.address(address).orElseThrow();

    assertThat(CidrRange.of(range).orElseThrow().contains(one)).isEqualTo(contained);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "lab", "localhost", "10.1.2", "10.1.2.256", "10.1.2.3/", "10.1.2.0/33", "10.1.2.0/-1",
    "10.1.2.3/24", "fd00::1/8", "fd00::/129", "10.1.2.0/24/24", "10.1.2.0 /24", "1", "0x0a.1.2.3", "10.1.2.3:80",
    "::ffff:10.1.2.0/120", "10.1.2.0/99999999999"})
  void whatIsNoRangeIsNotTakenForOne(String text) {
    assertThat(CidrRange.of(text)).isEmpty();
  }

  @Test
  void itIsShownAsItIsWritten() {
    assertThat(CidrRange.of("10.1.2.0/24")).hasToString("Optional[10.1.2.0/24]");
    assertThat(CidrRange.of("10.1.2.3/32")).hasToString("Optional[10.1.2.3]");
  }
}
