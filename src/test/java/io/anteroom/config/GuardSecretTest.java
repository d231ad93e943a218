package io.anteroom.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anteroom.config.files.InvalidSettingsException;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The guards' secret is read, and shown nowhere. */
class GuardSecretTest {
  private static final String SECRET = "s3cret-of-the-whole-lab";

  @Test
  void itIsReadAndHiddenInEverythingThatIsLogged() {
    ConfigLoader.Loaded loaded = load(SECRET);

    assertThat(loaded.settings().instances().guardSecret()).contains(SECRET);
    assertThat(loaded.lines())
      .contains("instance.guard_secret = *** (environment variable ANTEROOM_INSTANCE_GUARD_SECRET)")
      .noneMatch(line -> line.contains(SECRET));
    assertThat(loaded.settings().toString()).contains("guardSecret=Optional[***]").doesNotContain(SECRET);
  }

  @Test
  void aShortOneIsRefusedAndStillNotSaid() {
    assertThatThrownBy(() -> load("sh0rt")).isInstanceOf(InvalidSettingsException.class)
      .hasMessageContaining("instance.guard_secret: invalid value '***'").hasMessageNotContaining("sh0rt");
  }

  @Test
  void noneIsNone() {
    assertThat(load("").settings().instances().guardSecret()).isEmpty();
  }

  private static ConfigLoader.Loaded load(String secret) {
    return ConfigLoader.load(Optional.empty(), Map.of("ANTEROOM_INSTANCE_GUARD_SECRET", secret));
  }
}
