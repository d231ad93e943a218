package io.anteroom.attack;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Keeps count of the forty attacks. Tokens: 1-9. Headers: 10-15. Paths: 16-19. Browsers: 20-26. Proxies: 27-32. The
 * queue: 33-35. Admins and texts: 36-40.
 */
class AttacksTest {
  private static final int LAST = 40;

  private static final JavaClasses TESTS = new ClassFileImporter()
    .withImportOption(ImportOption.Predefined.ONLY_INCLUDE_TESTS)
    .importPackages("io.anteroom");

  @Test
  void eachOfTheFortyIsMadeByATestThatCarriesItsNumber() {
    Set<Integer> made = TESTS.stream().flatMap(AttacksTest::attacks).collect(Collectors.toCollection(TreeSet::new));

    List<Integer> notMade = IntStream.rangeClosed(1, LAST).boxed().filter(number -> !made.contains(number)).toList();
    assertThat(made).allMatch(number -> number >= 1 && number <= LAST);
    assertThat(notMade).isEmpty();
  }

  private static Stream<Integer> attacks(JavaClass test) {
    Stream<Attack> ofClass = test.tryGetAnnotationOfType(Attack.class).stream();
    Stream<Attack> ofMethods = test.getMethods().stream()
      .flatMap(one -> one.tryGetAnnotationOfType(Attack.class).stream());
    return Stream.concat(ofClass, ofMethods).flatMap(attack -> Arrays.stream(attack.value()).boxed());
  }
}
