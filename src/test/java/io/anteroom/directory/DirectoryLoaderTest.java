package io.anteroom.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.anteroom.config.Settings;
import io.anteroom.config.files.InvalidSettingsException;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryLoaderTest {
  private static final String USER_HEADER = "username,display_name,group,role,instance\n";
  private static final String INSTANCE_HEADER = "instance,url,pool,slots\n";
  @TempDir
  private Path folder;
  private Path users;
  private Path instances;

  @BeforeEach
  void lab() throws IOException {
    users = folder.resolve("users.csv");
    instances = folder.resolve("instances.csv");
    Files.writeString(users, USER_HEADER + "alice,Alice,a,student,pc-1\nbob,,,,room\n");
    Files.writeString(instances, INSTANCE_HEADER
      + "pc-1,http://127.0.0.1:8188,,\ngpu-1,https://gpu.lab/one,room,2\ngpu-2,http://gpu.lab:8189/,room,\n");
  }

  @Test
  void emptyCellsHaveTheirMeaning() {
    Directory directory = read();

    assertThat(directory.user("bob")).contains(new User("bob", "bob", "", User.Role.STUDENT, "room"));
    assertThat(directory.instance("pc-1").orElseThrow().pool()).isEqualTo("pc-1");
    assertThat(directory.instance("pc-1").orElseThrow().slots()).isEqualTo(1);
    assertThat(directory.instance("gpu-1").orElseThrow().slots()).isEqualTo(2);
    assertThat(directory.instance("gpu-2").orElseThrow().url()).hasToString("http://gpu.lab:8189");
  }

  @Test
  void userOfAPoolHasAHomeInIt() {
    Directory directory = read();

    assertThat(directory.pool(directory.user("bob").orElseThrow())).contains("room");
    assertThat(directory.home(directory.user("bob").orElseThrow()).orElseThrow().pool()).isEqualTo("room");
  }

  @Test
  void whatExcelWritesIsRead() throws IOException {
    Files.writeString(users, "\uFEFFUsername, Display_Name,Group,Role,Instance,remark\r\n"
      + "alice,\"Li, Alice\",一班,Student,pc-1,x\r\n\r\n,,,,\r\nlina,李娜,一班,TEACHER,\r\n");

    Directory directory = read();

    assertThat(directory.user("alice").orElseThrow().displayName()).isEqualTo("Li, Alice");
    assertThat(directory.user("lina").orElseThrow().role()).isEqualTo(User.Role.TEACHER);
  }

  @Test
  void gbkIsRecognisedAndExplainedInBothLanguages() throws IOException {
    Files.write(users, (USER_HEADER + "lina,李娜,一班,student,pc-1\n").getBytes(Charset.forName("GBK")));

    assertThat(complaints()).singleElement().asString()
      .startsWith(users + ": file is encoded in GBK, not in UTF-8").contains("CSV UTF-8").contains("GBK 编码");
  }

  @Test
  void utf16IsRecognised() throws IOException {
    Files.write(users, ("\uFEFF" + USER_HEADER).getBytes(StandardCharsets.UTF_16LE));

    assertThat(complaints()).containsExactly(
      users + ": file is encoded in UTF-16; save it as \"CSV UTF-8 (comma delimited)\"");
  }

  @Test
  void allComplaintsComeAtOnceWithTheirLines() throws IOException {
    Files.writeString(users, USER_HEADER
      + "alice,Alice,a,student,pc-2\nalice,Two,a,student,pc-1\na%b,,,pupil,pc-1\n"
      + "\"carol\",\"two\nlines\",,,\ndave,,,,\n");

    assertThat(complaints()).containsExactly(
      users + ":2: instance: invalid value 'pc-2': expected the name of an instance or a pool; did you mean pc-1?",
      users + ":3: username: duplicate value 'alice', first used at " + users + ":2",
      users + ":4: username: invalid value 'a%b': it contains '%' (U+0025), which no user name may have",
      users + ":4: role: invalid value 'pupil': expected one of admin, student, teacher",
      users + ":5: instance: invalid value '': expected the name of an instance or a pool",
      users + ":7: instance: invalid value '': expected the name of an instance or a pool");
  }

  @Test
  void wrongInstancesAreComplainedOfAndNotTheirUsers() throws IOException {
    Files.writeString(instances, INSTANCE_HEADER
      + "pc-1,127.0.0.1:8188,,\npc-2,http://me:secret@pc,,many\npc-3,http://pc:8188,,0\npc-4,http://pc:8188/,a b,\n");
    String rightUrl = ": expected http://host:port or https://host:port, without a user";

    assertThat(complaints()).containsExactly(
      instances + ":2: url: invalid value '127.0.0.1:8188'" + rightUrl,
      instances + ":3: slots: invalid value 'many': expected a whole number, 1 to 1000, or nothing for 1",
      instances + ":3: url: invalid value 'http://***@pc'" + rightUrl,
      instances + ":4: slots: invalid value '0': expected a whole number, 1 to 1000, or nothing for 1",
      instances + ":5: pool: invalid value 'a b': expected letters, digits and . _ @ -, 64 at most, or nothing",
      instances + ":5: url: duplicate value 'http://pc:8188', first used at " + instances + ":4");
  }

  @Test
  void poolIsNotCalledAsAnInstanceOfAnotherPool() throws IOException {
    Files.writeString(instances, INSTANCE_HEADER + "pc-1,http://pc:1,room,\npc-2,http://pc:2,pc-1,\n");
    Files.writeString(users, USER_HEADER);

    assertThat(complaints()).singleElement().asString().startsWith("pool 'pc-1' of instance 'pc-2' has the name of");
  }

  @Test
  void missingColumnsAreNamed() throws IOException {
    Files.writeString(users, "username;display_name;group;role;instance\nalice;;;;pc-1\n");

    assertThat(complaints()).containsExactly(users
      + ":1: the header lacks username, display_name, group, role, instance:"
      + " expected username,display_name,group,role,instance");
  }

  @Test
  void missingFilesAndBrokenCsvAreComplainedOfTogether() throws IOException {
    Files.delete(instances);
    Files.writeString(users, USER_HEADER + "alice,\"Alice\n");

    assertThat(complaints()).hasSize(2)
      .anyMatch(one -> one.startsWith(instances + ": cannot read file"))
      .anyMatch(one -> one.startsWith(users + ": invalid CSV"));
  }

  private Directory read() {
    return DirectoryLoader.read(new Settings.Files(users, instances),
      new InstanceAddressPolicy(Set.of(8080, 8081, 5701, 15701, 6399)));
  }

  private List<String> complaints() {
    return catchThrowableOfType(InvalidSettingsException.class, this::read).complaints();
  }
}
