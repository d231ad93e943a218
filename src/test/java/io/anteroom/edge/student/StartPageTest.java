package io.anteroom.edge.student;

import static io.anteroom.http.Language.CHINESE;
import static io.anteroom.http.Language.ENGLISH;
import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.attack.Attack;
import io.anteroom.directory.Directory;
import io.anteroom.directory.Instance;
import io.anteroom.directory.User;
import io.anteroom.directory.User.Role;
import io.anteroom.edge.auth.Member;
import io.anteroom.edge.http.HtmlPages.Page;
import io.anteroom.edge.http.PageText;
import io.anteroom.edge.student.HomePage.StartPage;
import io.anteroom.identity.Identity;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StartPageTest {
  private static final Pattern STUDENT = Pattern.compile("<li><a href=\"/u/([^\"]+)/\">");
  private static final Pattern GROUP = Pattern.compile("<summary>([^<]*)</summary>");
  private static final User TINA = new User("tina", "Tina", "red", Role.TEACHER, "gpu");

  @Test
  void theStudentsOfATeachersGroupsAreThereGroupByGroupByName() {
    Directory lab = lab(student("zoe", "Anna", "red"), student("amy", "zora", "red"), student("bob", "Bob", "blue"),
      student("张三", "张三", "red"), student("eve", "Eve", "green"));

    String page = page(lab, member(TINA, "red", "blue"));

    assertThat(found(GROUP, page)).containsExactly("blue (1)", "red (3)");
    assertThat(found(STUDENT, page)).containsExactly("bob", "zoe", "amy", "%E5%BC%A0%E4%B8%89");
    assertThat(page).contains(">Anna</a> <small>zoe</small>", ">张三</a></li>", "Only users in the lab's list");
    assertThat(start(lab, member(TINA, "red", "blue"), 1).in(CHINESE)).contains("仅列出实验室用户名单中的用户");
  }

  @Test
  void groupsAndNamesStandWhereOneLooksForThem() {
    Directory lab = lab(student("a", "张三", "class-2"), student("b", "王五", "class-2"), student("c", "Bob 10", "class-2"),
      student("d", "bob 9", "class-2"), student("e", "陈一", "class-2"), student("f", "Anna", "class-10"),
      student("g", "李四", "class-2"), student("h", "Ömer", "class-2"), student("i", "Paul", "class-2"));

    String page = page(lab, member(TINA, "class-2", "class-10"));

    assertThat(found(GROUP, page)).containsExactly("class-2 (8)", "class-10 (1)");
    assertThat(found(STUDENT, page)).containsExactly("d", "c", "h", "i", "e", "g", "b", "a", "f");
  }

  @Test
  void whoeverATeacherMayNotLookAtIsNotThere() {
    User colleague = new User("tom", "Tom", "red", Role.TEACHER, "gpu");
    User admin = new User("ada", "Ada", "red", Role.ADMIN, "gpu");
    User homeless = new User("ned", "Ned", "red", Role.STUDENT, "nowhere");
    Directory lab = lab(TINA, colleague, admin, homeless, student("eve", "Eve", "green"), student("nil", "Nil", ""));

    String page = page(lab, member(TINA, "red"));

    assertThat(found(STUDENT, page)).isEmpty();
    assertThat(page).contains("There are no pages that you may view");
    assertThat(start(lab, member(TINA, "red"), 1).in(CHINESE)).contains("没有您可以查看的用户");
    assertThat(found(STUDENT, page(lab, member(new User("root", "Root", "", Role.ADMIN, "gpu")))))
      .containsExactlyInAnyOrder("tina", "tom", "ada", "eve", "nil");
    assertThat(found(STUDENT, page(lab, member(admin)))).as("himself").doesNotContain("ada");
  }

  @Test
  void whereNobodysPageIsShownToOthersNobodyIsNamed() {
    Page page = new StartPage(member(TINA, "red"), true, Optional.empty()).part(1);

    assertThat(found(STUDENT, page.in(ENGLISH))).isEmpty();
    assertThat(page.in(ENGLISH)).contains("isolation.by");
    assertThat(found(STUDENT, page.in(CHINESE))).isEmpty();
    assertThat(page.in(CHINESE)).contains("isolation.by", "独立地址");
  }

  @Test
  void whoHasNoComfyUiHimselfIsNotSentThere() {
    assertThat(new StartPage(member(TINA), false, Optional.of(List.of())).part(1).in(ENGLISH))
      .contains("You have no ComfyUI of your own").doesNotContain("/u/");
    assertThat(new StartPage(member(TINA), true, Optional.of(List.of())).part(1).in(ENGLISH))
      .contains("href=\"/u/tina/\"");
  }

  @Test
  void fiveHundredAreShownAtOnceAndNotOneMore() {
    Directory lab = lab(IntStream.range(0, 1_001)
      .mapToObj(i -> student("s%04d".formatted(i), "Student %04d".formatted(i), "red")).toArray(User[]::new));

    assertThat(found(STUDENT, page(lab, member(TINA, "red"), 1))).hasSize(500).contains("s0000", "s0499");
    assertThat(found(STUDENT, page(lab, member(TINA, "red"), 2))).hasSize(500).contains("s0500", "s0999");
    assertThat(found(STUDENT, page(lab, member(TINA, "red"), 3))).containsExactly("s1000");
  }

  @ParameterizedTest
  @CsvSource({"0, 1 / 3, /?part=2", "1, 1 / 3, /?part=2", "2, 2 / 3, /?part=3", "3, 3 / 3, /?part=2",
    "999999, 3 / 3, /?part=2"})
  void oneGoesOnToTheNextPartAndBack(int part, String shown, String way) {
    Directory lab = lab(IntStream.range(0, 1_001)
      .mapToObj(i -> student("s%04d".formatted(i), "Student", "group " + i)).toArray(User[]::new));

    assertThat(page(lab, member(new User("root", "Root", "", Role.ADMIN, "gpu")), part))
      .contains(shown, "href=\"" + way + "\"").doesNotContain("part=0", "part=4");
  }

  @Attack(38)
  @ParameterizedTest
  @ValueSource(strings = {"<img src=x onerror=hit()>", "\"><script>hit()</script>", "' autofocus onfocus='hit()",
    "</summary><svg onload=hit()>", "&lt;script&gt;hit()&lt;/script&gt;"})
  void namesAndGroupsAreTextAndNothingElse(String hostile) {
    PageText.isText(hostile, text -> page(lab(student("eve", text, "red")), member(TINA, "red")));
    PageText.isText(hostile, text -> page(lab(student("bob", "Bob", text)), member(TINA, text)));
    PageText.isText(hostile, text ->
      page(lab(), member(new User("tina", text, "red", Role.TEACHER, "gpu"), "none")));
  }

  private static String page(Directory lab, Member member) {
    return page(lab, member, 1);
  }

  private static Page start(Directory lab, Member member, int part) {
    return new StartPage(member, true, Optional.of(member.others(lab))).part(part);
  }

  private static String page(Directory lab, Member member, int part) {
    return start(lab, member, part).in(ENGLISH);
  }

  private static Member member(User user, String... groups) {
    return new Member(user, new Identity(user.name(), user.displayName(), Set.of(groups), user.role()));
  }

  private static User student(String name, String displayName, String group) {
    return new User(name, displayName, group, Role.STUDENT, "gpu");
  }

  private static Directory lab(User... users) {
    return new Directory(List.of(users),
      List.of(new Instance("gpu", URI.create("http://127.0.0.1:8188"), "gpu", 1)));
  }

  private static List<String> found(Pattern what, String page) {
    return what.matcher(page).results().map(one -> one.group(1)).toList();
  }
}
