package io.anteroom.config.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.anteroom.config.Settings;
import io.anteroom.directory.Directory;
import io.anteroom.directory.DirectoryLoader;
import io.anteroom.directory.InstanceAddressPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileWatcherTest {
  @TempDir
  private Path folder;
  private Settings.Files files;

  @BeforeEach
  void lab() throws IOException {
    files = new Settings.Files(folder.resolve("users.csv"), folder.resolve("instances.csv"));
    Files.writeString(files.instances(), "instance,url,pool,slots\npc-1,http://127.0.0.1:8188,,\n");
    write("alice");
  }

  @Test
  void changedFileComesIntoForceByItself() throws IOException {
    try (FileWatcher<Directory> watch = DirectoryLoader.watch(files, new InstanceAddressPolicy(Set.of()))) {
      watch.start(Duration.ofMillis(20));

      write("alice", "bob");

      await().atMost(Duration.ofSeconds(30)).until(() -> watch.get().user("bob").isPresent());
    }
  }

  @Test
  void fileIsReadOnlyWhenItStandsStill() throws IOException {
    try (FileWatcher<Directory> watch = DirectoryLoader.watch(files, new InstanceAddressPolicy(Set.of()))) {
      write("alice", "bob");
      watch.poll();
      write("alice", "bob", "carol");
      watch.poll();

      assertThat(watch.get().users()).hasSize(1);

      watch.poll();

      assertThat(watch.get().users()).hasSize(3);
    }
  }

  @Test
  void wrongFileLeavesTheOldDirectoryInForce() throws IOException {
    try (FileWatcher<Directory> watch = DirectoryLoader.watch(files, new InstanceAddressPolicy(Set.of()))) {
      Directory before = watch.get();

      write("alice", "b%ob");
      watch.poll();
      watch.poll();

      assertThat(watch.get()).isSameAs(before);

      write("alice", "bobby");
      watch.poll();
      watch.poll();

      assertThat(watch.get().user("bobby")).isPresent();
    }
  }

  @Test
  void deletedFileLeavesTheOldDirectoryInForce() throws IOException {
    try (FileWatcher<Directory> watch = DirectoryLoader.watch(files, new InstanceAddressPolicy(Set.of()))) {
      Directory before = watch.get();

      Files.delete(files.users());
      watch.poll();
      watch.poll();

      assertThat(watch.get()).isSameAs(before);
    }
  }

  @Test
  void wrongFilesStopTheStart() throws IOException {
    write("b%ob");

    assertThatThrownBy(() -> DirectoryLoader.watch(files, new InstanceAddressPolicy(Set.of())))
      .isInstanceOf(InvalidSettingsException.class)
      .hasMessageContaining(":2: username: invalid value 'b%ob'");
  }

  private void write(String... users) throws IOException {
    StringBuilder text = new StringBuilder("username,display_name,group,role,instance\n");
    List.of(users).forEach(user -> text.append(user).append(",,,student,pc-1\n"));
    Files.writeString(files.users(), text);
  }
}
