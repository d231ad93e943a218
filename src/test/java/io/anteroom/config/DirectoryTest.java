package io.anteroom.config;

import static org.assertj.core.api.Assertions.assertThat;

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

  private static User of(String name, String group, User.Role role) {
    return new User(name, name, group, role, "");
  }
}
