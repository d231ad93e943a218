package io.anteroom.admin;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdminHostCheckTest {
  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, localhost,       true",
    "127.0.0.1, [::1],           true",
    "127.0.0.1, LOCALHOST,       true",
    "127.0.0.1, admin.localhost, true",
    "127.0.0.1, 127.1.2.3,       true",
    "127.0.0.1, xlocalhost,      false",
    "127.0.0.1, evil.example,    false",
    "127.0.0.1, 10.0.0.7,        false",
    "10.0.0.7,  10.0.0.7,        true",
    "10.0.0.7,  127.0.0.1,       true",
    "lab-1,     lab-1,           true",
    "lab-1,     Lab-1,           true",
    "lab-1,     lab-10,          false",
    "0.0.0.0,   10.0.0.7,        true",
    "0.0.0.0,   [fe80::1],       true",
    "0.0.0.0,   lab-1,           false",
    "0.0.0.0,   7.evil.example,  false",
    "'::',      10.0.0.7,        true",
    "127.0.0.1, '',              false",
    "0.0.0.0,   '',              false"
  })
  void admitsItsOwnNamesOnly(String configured, String called, boolean admitted) {
    assertThat(new AdminHostCheck(configured).isOurs(called)).isEqualTo(admitted);
  }

  @ParameterizedTest
  @CsvSource({
    "http://localhost:8081,   localhost",
    "https://evil.example,    evil.example",
    "null,                    ''",
    "http://a b,              ''"
  })
  void readsTheHostOfAnOrigin(String origin, String host) {
    assertThat(AdminHostCheck.hostOf(origin)).isEqualTo(host);
  }
}
