package io.anteroom.directory;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Who may look at whom. */
class DirectoryTest {
  private static final User ALICE = of("alice", "class-1", User.Role.STUDENT);
  private static final User TINA = of("tina", "class-1", User.Role.TEACHER);
  private static final User NEMO = of("nemo", "", User.Role.STUDENT);

  private final Directory directory = new Directory(List.of(ALICE, TINA, NEMO), List.of());

  @Test
  void aTeacherMayLookAtTheStudentsOfHisGroups() {
    assertThat(directory.mayLook(User.Role.TEACHER, Set.of("class-1"), ALICE)).isTrue();
    assertThat(directory.mayLook(User.Role.TEACHER, Set.of("class-2"), ALICE)).isFalse();
    assertThat(directory.mayLook(User.Role.TEACHER, Set.of("class-1"), TINA)).isFalse();
    assertThat(directory.mayLook(User.Role.STUDENT, Set.of("class-1"), ALICE)).isFalse();
    assertThat(directory.mayLook(User.Role.ADMIN, Set.of(), NEMO)).isTrue();
  }

  /** A teaching system sends an empty claim for who teaches nothing. */
  @Test
  void nobodyTeachesThoseWhoAreInNoGroup() {
    assertThat(directory.mayLook(User.Role.TEACHER, Set.of("", "class-1"), NEMO)).isFalse();
  }

  /** An instance that left the list, or stands in another node's, is known where it runs something, not elsewhere. */
  @Test
  void anInstanceThatIsKnownWithoutBeingListedIsNobodysHome() {
    User bob = new User("bob", "Bob", "", User.Role.STUDENT, "left");
    Instance listed = new Instance("listed", URI.create("http://127.0.0.1:8188"), "listed", 1);
    Instance left = new Instance("left", URI.create("http://127.0.0.1:8189"), "left", 1);

    Directory knowing = new Directory(List.of(bob), List.of(listed))
      .knowing(List.of(left, new Instance("listed", left.url(), "left", 1)));

    assertThat(knowing.instance("left")).contains(left);
    assertThat(knowing.instance("listed")).contains(listed);
    assertThat(knowing.instances()).containsExactly(listed);
    assertThat(knowing.home(bob)).isEmpty();
    assertThat(knowing.pool(bob)).isEmpty();
    assertThat(knowing.isShared(left)).as("nobody knows with whom").isTrue();
  }

  private static User of(String name, String group, User.Role role) {
    return new User(name, name, group, role, "");
  }
}
