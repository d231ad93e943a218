package io.anteroom.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.anteroom.support.Workflows;
import io.anteroom.support.client.Student;
import io.anteroom.support.cluster.NodeProcess;
import io.anteroom.support.cluster.TestCluster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Nodes of little memory and the largest bodies that there may be; by hand with -Dstudents=60. */
@Tag("alone")
class LargeBodiesIT {
  private static final int STUDENTS = Integer.getInteger("students", 8);
  private static final int MEGABYTE = 1 << 20;
  private static final String EXIT = " -XX:+ExitOnOutOfMemoryError";

  private final ExecutorService students = Executors.newFixedThreadPool(STUDENTS + 1);
  private final TestCluster lab = TestCluster.of(STUDENTS + 1);

  @AfterEach
  void close() {
    students.shutdownNow();
    lab.close();
  }

  /** Each is answered, what is refused is not stored, no other request waits, and the memory is free again. */
  @Test
  void everybodyPostsTheLargestBodyAtOnceToASmallNode() throws Exception {
    NodeProcess node = node("-Xmx512m" + EXIT);
    List<String> blocked = IntStream.rangeClosed(1, STUDENTS).mapToObj(number ->
      new Student("s" + number).run(node, Workflows.lasting(9_999)).taskId()).toList();

    List<Future<String>> posts = IntStream.rangeClosed(1, STUDENTS)
      .mapToObj(number -> students.submit(() -> posted(node, "s" + number, 95 * MEGABYTE))).toList();
    List<Long> waits = bystander(node, posts);

    List<Integer> answers = new ArrayList<>();
    for (Future<String> post : posts) {
      answers.add(status(post.get()));
      System.out.println(post.get().replaceAll("(?s).*\"message\":\"([^\"]*).*", "$1"));
    }
    System.out.printf("%d bodies of 95 MB at once: answers %s, a bystander waited %d ms at most of %d times%n",
      STUDENTS, answers, Collections.max(waits), waits.size());
    assertThat(answers).isSubsetOf(200, 413, 429, 503);
    // On a quiet machine no request waits longer than a second.
    assertThat(waits.stream().sorted().toList().get(waits.size() / 2)).isLessThan(1_000L);
    assertThat(Collections.max(waits)).isLessThan(15_000L);
    long taken = answers.stream().filter(answer -> answer == 200).count();
    await().during(Duration.ofSeconds(2)).atMost(Duration.ofSeconds(20)).until(() -> waiting() == taken);
    assertThat(lab.redis().ask("KEYS", "*staging*").size()).isZero();
    assertThat(heapAfterCollection(node)).isLessThan(120 * MEGABYTE);
    assertThat(blocked).hasSize(STUDENTS);
  }

  /** The container's own settings, and the body that ended its node. */
  @Test
  void ninetyMegabytesAndTwiceFiftyEndNoNode() throws Exception {
    NodeProcess node = node("-XX:MaxRAM=1g -XX:MaxRAMPercentage=70" + EXIT);
    IntStream.rangeClosed(1, 3).forEach(number -> new Student("s" + number).run(node, Workflows.lasting(9_999)));

    isTaken(node, "s1", 90 * MEGABYTE);
    Future<Integer> second = students.submit(() -> post(node, "s2", 50 * MEGABYTE));
    Future<Integer> third = students.submit(() -> post(node, "s3", 50 * MEGABYTE));

    assertThat(List.of(second.get(), third.get())).isSubsetOf(200, 503);
    isTaken(node, "s2", 50 * MEGABYTE);
    assertThat(new Student("s1").get(node.url() + "/api/v1/comfy/queue?user=s1").status()).isEqualTo(200);
  }

  /** The limit in force stands in the error, and in the log at the start; just below it a body is accepted. */
  @Test
  void theLimitInForceIsWhatIsRefusedAndWhatIsTold() throws Exception {
    NodeProcess node = node("-Xmx192m -XX:+UseSerialGC" + EXIT);
    new Student("s1").run(node, Workflows.lasting(9_999));
    long limit = inForce(node);

    String refused = posted(node, "s1", (int) limit + 1);

    assertThat(limit).isBetween(40L * MEGABYTE, 48L * MEGABYTE);
    assertThat(refused).startsWith("HTTP/1.1 413 ").contains("too_large", String.valueOf(limit), "http.body_limit");
    isTaken(node, "s1", (int) limit);
  }

  /** Again while the node says that the machine has too much else to do. */
  private static void isTaken(NodeProcess node, String user, int length) {
    assertThat(await().atMost(Duration.ofSeconds(120)).until(() -> post(node, user, length), answer -> answer != 503))
      .isEqualTo(200);
  }

  private NodeProcess node(String jvm) {
    return lab.with(NodeProcess.JVM, jvm).node().awaitReady();
  }

  /** Runs small workflows and reads the queue until all posts are answered; answers how long each took, in ms. */
  private List<Long> bystander(NodeProcess node, List<Future<String>> posts) throws InterruptedException {
    List<Long> waits = new ArrayList<>();
    Student student = new Student("s" + (STUDENTS + 1));
    while (!posts.stream().allMatch(Future::isDone)) {
      long begun = System.nanoTime();
      assertThat(waits.size() % 10 == 0 ? student.run(node, Workflows.lasting(0.1)).status()
        : student.get(node.url() + "/api/v1/comfy/queue?user=" + student.name()).status()).isIn(200, 429);
      waits.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun));
      TimeUnit.MILLISECONDS.sleep(20);
    }
    return waits;
  }

  /** How many of the students' workflows wait behind those that run. */
  private long waiting() {
    return IntStream.rangeClosed(1, STUDENTS)
      .mapToLong(number -> lab.redis().ask("LLEN", "{anteroom}:queue:s" + number).toLong()).sum();
  }

  private static long figure(NodeProcess node, String name) {
    return new Student("the test").get(node.adminUrl() + "/metrics").body().lines()
      .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
      .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1))).findFirst()
      .orElseThrow();
  }

  private static long heapAfterCollection(NodeProcess node) throws IOException, InterruptedException {
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    new ProcessBuilder(jcmd, String.valueOf(node.pid()), "GC.run").inheritIO().start().waitFor();
    return figure(node, "anteroom_heap_used_bytes");
  }

  private static long inForce(NodeProcess node) throws IOException {
    String log = Files.readString(node.log());
    int at = log.lastIndexOf("body_limit=") + "body_limit=".length();
    return Long.parseLong(log.substring(at, log.indexOf(' ', at)));
  }

  private static int post(NodeProcess node, String user, int length) throws IOException {
    return status(posted(node, user, length));
  }

  private static int status(String answer) {
    return Integer.parseInt(answer.split(" ")[1]);
  }

  /** Sends a workflow of this size as fast as it is taken, and reads the answer whenever it comes. */
  private static String posted(NodeProcess node, String user, int length) throws IOException {
    URI url = URI.create(node.url());
    byte[] begin = ("{\"prompt\":" + Workflows.lasting(0.1).encode()
      + ",\"extra_data\":{\"extra_pnginfo\":{\"workflow\":{\"x\":[\"\"").getBytes(StandardCharsets.UTF_8);
    byte[] end = "]}}}}".getBytes(StandardCharsets.UTF_8);
    byte[] picture = picture();
    try (Socket socket = new Socket(url.getHost(), url.getPort())) {
      OutputStream out = socket.getOutputStream();
      out.write(("POST /u/" + user + "/prompt HTTP/1.1\r\nHost: " + url.getAuthority()
        + "\r\nContent-Type: application/json\r\nContent-Length: " + length + "\r\n\r\n").getBytes());
      try {
        out.write(begin);
        int left = length - begin.length - end.length;
        for (; left > picture.length; left -= picture.length) {
          out.write(picture);
        }
        out.write(" ".repeat(left).getBytes());
        out.write(end);
        out.flush();
      } catch (IOException answeredAlready) {
        // what was said before stands in the socket
      }
      return answer(socket.getInputStream());
    }
  }

  private static String answer(InputStream in) throws IOException {
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    while (!answer.toString(StandardCharsets.UTF_8).contains("\r\n\r\n") || !isWhole(answer)) {
      int next = in.read();
      if (next < 0) {
        break;
      }
      answer.write(next);
    }
    return answer.toString(StandardCharsets.UTF_8);
  }

  private static boolean isWhole(ByteArrayOutputStream answer) {
    String text = answer.toString(StandardCharsets.ISO_8859_1);
    String body = text.substring(text.indexOf("\r\n\r\n") + 4);
    return text.lines().filter(line -> line.toLowerCase().startsWith("content-length: "))
      .anyMatch(line -> body.length() >= Integer.parseInt(line.substring(16).strip()));
  }

  /** A million letters that can hardly be compressed, as a list's next text. */
  private static byte[] picture() {
    return new Random(3).ints(1_000_000, 0, 64).collect(() -> new StringBuilder(",\""),
      (text, value) ->
        text.append((char) (value < 26 ? 'a' + value : value < 52 ? 'A' + value - 26 : '0' + value % 10)),
      StringBuilder::append).append('"').toString().getBytes(StandardCharsets.UTF_8);
  }
}
