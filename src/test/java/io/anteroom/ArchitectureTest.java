package io.anteroom;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.conditions.ArchConditions.beAssignableTo;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_THROW_GENERIC_EXCEPTIONS;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import io.anteroom.async.Ticker;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

/** Keeps the house as it is drawn: who may know whom, and what nobody does. */
class ArchitectureTest {
  private static final JavaClasses ANTEROOM = new ClassFileImporter()
    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
    .importPackages("io.anteroom");

  private static final String[] VERTICLES = {
    "io.anteroom.edge..", "io.anteroom.injection..", "io.anteroom.queueapi..", "io.anteroom.dispatch..",
    "io.anteroom.status..", "io.anteroom.admin.."};

  @Test
  void dependenciesPointInward() {
    layeredArchitecture().consideringOnlyDependenciesInLayers()
      .layer("main").definedBy("io.anteroom", "io.anteroom.cli", "io.anteroom.doctor", "io.anteroom.node")
      .layer("adapters").definedBy("io.anteroom.redis..", "io.anteroom.cluster.hazelcast..")
      .layer("verticles").definedBy(VERTICLES)
      .layer("ports and protocols").definedBy("io.anteroom.queue", "io.anteroom.cluster", "io.anteroom.identity",
        "io.anteroom.comfy..", "io.anteroom.bus..", "io.anteroom.config..", "io.anteroom.directory",
        "io.anteroom.metrics", "io.anteroom.http", "io.anteroom.net", "io.anteroom.async")
      .layer("domain").definedBy("io.anteroom.task..")
      .whereLayer("main").mayNotBeAccessedByAnyLayer()
      .whereLayer("adapters").mayOnlyBeAccessedByLayers("main")
      .whereLayer("verticles").mayOnlyBeAccessedByLayers("main")
      .whereLayer("ports and protocols").mayOnlyBeAccessedByLayers("main", "adapters", "verticles")
      .check(ANTEROOM);
  }

  @Test
  void verticlesMeetOnlyOnTheBus() {
    slices().matching("io.anteroom.(edge|injection|queueapi|dispatch|status|admin)..")
      .should().notDependOnEachOther().check(ANTEROOM);
  }

  @Test
  void eachVerticleTouchesOnlyWhatItsJobNeeds() {
    noClasses().that().resideInAnyPackage("io.anteroom.edge..", "io.anteroom.injection..")
      .should().dependOnClassesThat().resideInAnyPackage("io.anteroom.queue..", "io.anteroom.cluster..")
      .check(ANTEROOM);
    noClasses().that().resideInAnyPackage("io.anteroom.queueapi..", "io.anteroom.status..", "io.anteroom.admin..")
      .should().dependOnClassesThat().resideInAPackage("io.anteroom.cluster..").check(ANTEROOM);
  }

  @Test
  void theSimulatorStandsAlone() {
    noClasses().that().resideInAPackage("io.anteroom.simulator..")
      .should().dependOnClassesThat(resideInAPackage("io.anteroom..")
        .and(not(resideInAPackage("io.anteroom.simulator.."))))
      .check(ANTEROOM);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("io.anteroom.(**)").should().beFreeOfCycles().check(ANTEROOM);
  }

  @Test
  void aSimpleNameMeansOneClass() {
    Map<String, List<String>> byName = ANTEROOM.stream().filter(JavaClass::isTopLevelClass)
      .filter(type -> !type.getSimpleName().equals("package-info"))
      .collect(groupingBy(JavaClass::getSimpleName, mapping(JavaClass::getName, toList())));

    assertThat(byName.values()).allSatisfy(names -> assertThat(names).hasSize(1));
  }

  @Test
  void aFolderHasTwentyFilesAtMost() throws IOException {
    for (String root : List.of("src/main/java", "src/test/java")) {
      try (Stream<Path> all = Files.walk(Path.of(root))) {
        assertThat(all.filter(Files::isRegularFile).collect(groupingBy(Path::getParent, counting())))
          .allSatisfy((folder, files) -> assertThat(files).isLessThanOrEqualTo(20));
      }
    }
  }

  @Test
  void theDomainKnowsOnlyJava() {
    classes().that().resideInAPackage("io.anteroom.task..")
      .should().onlyDependOnClassesThat().resideInAnyPackage("java..", "io.anteroom.task..").check(ANTEROOM);
  }

  @Test
  void eachLibraryStaysInItsPackage() {
    stays("io.vertx.redis..", "io.anteroom.redis..");
    stays("com.hazelcast..", "io.anteroom.cluster.hazelcast..");
    stays("io.vertx.spi.cluster..", "io.anteroom.cluster.hazelcast..");
    stays("org.jsoup..", "io.anteroom.injection..");
    stays("picocli..", "io.anteroom.cli..");
    stays("org.snakeyaml..", "io.anteroom.config..");
    stays("com.nimbusds..", "io.anteroom.edge.auth..");
    stays("net.minidev..", "io.anteroom.edge.auth..");
    stays("gg.jte..", "io.anteroom.edge.http..");
  }

  @Test
  void nobodyDependsOnWhatHazelcastTookOutOfItsOpenEdition() {
    noClasses().should().dependOnClassesThat().resideInAPackage("com.hazelcast.cp..").check(ANTEROOM);
  }

  @Test
  void jsonStaysAtTheBorders() {
    noClasses().that().resideInAnyPackage("io.anteroom.task..", "io.anteroom.cluster..", "io.anteroom.queue",
        "io.anteroom.dispatch..", "io.anteroom.status..")
      .should().dependOnClassesThat().resideInAPackage("io.vertx.core.json..").check(ANTEROOM);
  }

  @Test
  void onlyTheBusPackageTouchesTheEventBus() {
    noClasses().that().resideOutsideOfPackages("io.anteroom.bus..", "io.anteroom.cluster.hazelcast..")
      .should().dependOnClassesThat().resideInAPackage("io.vertx.core.eventbus..").check(ANTEROOM);
  }

  @Test
  void nobodyBlocksTheEventLoop() {
    noClasses().that().resideInAnyPackage(concat(VERTICLES, "io.anteroom.bus..", "io.anteroom.comfy..",
        "io.anteroom.simulator.."))
      .should().callMethod(Thread.class, "sleep", long.class)
      .orShould().callMethodWhere(target(owner(assignableTo(Future.class))).and(target(name("await"))))
      .orShould().callMethodWhere(target(owner(assignableTo(java.util.concurrent.Future.class)))
        .and(target(nameMatching("get|join"))))
      .orShould().callMethodWhere(target(name("executeBlocking")))
      .check(ANTEROOM);
  }

  @Test
  void futuresAreComposedNotCompletedByHand() {
    noClasses().should()
      .callMethodWhere(target(owner(assignableTo(Promise.class))).and(target(name("promise"))))
      .check(ANTEROOM);
  }

  @Test
  void verticlesAreNamedSo() {
    classes().that().areAssignableTo(VerticleBase.class)
      .should().bePublic().andShould().haveModifier(JavaModifier.FINAL).andShould().haveSimpleNameEndingWith("Verticle")
      .check(ANTEROOM);
  }

  @Test
  void valuesOfTheDomainAreImmutable() {
    classes().that().resideInAPackage("io.anteroom.task..").and().areTopLevelClasses()
      .and().doNotHaveSimpleName("package-info")
      .should(beRecordsEnumsInterfacesOrExceptions()).check(ANTEROOM);
  }

  @Test
  void timeComesFromAClock() {
    noClasses().should().callMethod(Instant.class, "now").orShould().callMethod(System.class, "currentTimeMillis")
      .orShould().callMethod(Clock.class, "systemDefaultZone").check(ANTEROOM);
  }

  @Test
  void monotonicTimeComesFromATicker() {
    noClasses().that().resideInAnyPackage("io.anteroom.dispatch..", "io.anteroom.status..", "io.anteroom.task..",
        "io.anteroom.async..").and().doNotBelongToAnyOf(Ticker.class)
      .should().accessTargetWhere(JavaAccess.Predicates.target(owner(assignableTo(System.class)))
        .and(JavaAccess.Predicates.target(name("nanoTime"))))
      .check(ANTEROOM);
  }

  @Test
  void logsGoThroughSlf4j() {
    fields().that().haveRawType(Logger.class)
      .should().bePrivate().andShould().beStatic().andShould().beFinal().andShould().haveName("log").check(ANTEROOM);
    NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING.check(ANTEROOM);
    noClasses().that().resideOutsideOfPackages("io.anteroom", "io.anteroom.cli", "io.anteroom.node")
      .should(ACCESS_STANDARD_STREAMS).because("only a command prints").check(ANTEROOM);
    NO_CLASSES_SHOULD_THROW_GENERIC_EXCEPTIONS.check(ANTEROOM);
  }

  private static void stays(String library, String home) {
    noClasses().that().resideOutsideOfPackages(home, "io.anteroom")
      .should().dependOnClassesThat().resideInAPackage(library).allowEmptyShould(true).check(ANTEROOM);
  }

  private static ArchCondition<JavaClass> beRecordsEnumsInterfacesOrExceptions() {
    return beAssignableTo(Record.class).or(beAssignableTo(Enum.class)).or(beAssignableTo(Exception.class));
  }

  private static String[] concat(String[] some, String... more) {
    return Stream.of(some, more).flatMap(Stream::of).toArray(String[]::new);
  }
}
