package io.anteroom.task;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * Why an instance gets no tasks, or one at a time. It is stored and sent as a code with parameters, and becomes a
 * sentence where people read it; the address of an instance is not part of it.
 *
 * @param instance its name; for {@link Kind#MISSING} that of the pool, for {@link Kind#OTHER} empty
 * @param detail   what else the sentence says; empty for most
 * @param since    when it began
 * @param until    before this moment the instance gets no task
 */
public record InstanceOutage(Kind kind, String instance, String detail, Optional<Instant> since,
    Optional<Instant> until) {
  private static final String SINCE = "{since}";
  private static final String SEPARATOR = "|";
  private static final int FIELDS = 5;

  /** The closed list of outages, each with its sentence in both languages. */
  public enum Kind {
    SILENT("the instance {0} does not answer", "实例 {0} 没有响应"),
    FOREIGN("the instance {0} answers, but not as ComfyUI does ({1})", "实例 {0} 有应答，但不是 ComfyUI 的应答（{1}）"),
    UNTRUSTED("the instance {0} shows a certificate that is not trusted (instance.tls.ca)",
      "实例 {0} 出示的证书不受信任（instance.tls.ca）"),
    FAILING("the instance {0} answers with errors ({1})", "实例 {0} 返回错误（{1}）"),
    LATE("the instance {0} does not take tasks in time", "实例 {0} 未能及时接收任务"),
    STALLED("the instance {0} takes tasks but does not begin them", "实例 {0} 接收了任务但不开始运行"),
    LOSING("the instance {0} lost tasks that it ran, perhaps in a restart", "实例 {0} 丢失了正在运行的任务，可能因为重启"),
    PAUSED("the instance {0} has answered again for {since}, after tasks failed there",
      "实例 {0} 恢复响应已 {since}，此前有任务在其上出错"),
    TRIAL("the instance {0} is back since {since}, on trial with one task at a time",
      "实例 {0} 恢复已 {since}，试运行中，每次一个任务"),
    STUBBORN("the instance {0} would not stop a run that had to end", "实例 {0} 未能停止必须结束的任务"),
    LEFT("the instance {0} went silent, and a run may still go on there", "实例 {0} 失去响应，其中可能仍有任务在运行"),
    UNREAD("the instance {0} has not yet said what runs there", "实例 {0} 尚未说明其中运行着什么"),
    DRAINING("the instance {0} was taken out of the list of instances and gets no more tasks",
      "实例 {0} 已从实例列表中移除，不再接收任务"),
    MISSING("no instance is configured for {0}", "没有为 {0} 配置实例"),
    /** A sentence that an older Anteroom stored, shown as it is. */
    OTHER("{1}", "{1}");

    private final String english;
    private final String chinese;

    Kind(String english, String chinese) {
      this.english = english;
      this.chinese = chinese;
    }

    private String code() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public static InstanceOutage of(Kind kind, String instance) {
    return of(kind, instance, "");
  }

  public static InstanceOutage of(Kind kind, String instance, String detail) {
    return new InstanceOutage(kind, instance, detail, Optional.empty(), Optional.empty());
  }

  /** Reads what {@link #stored} wrote; any other text is a sentence of an older Anteroom. Empty for none. */
  public static Optional<InstanceOutage> parse(String stored) {
    return stored.isEmpty() ? Optional.empty() : Optional.of(read(stored));
  }

  private static InstanceOutage read(String stored) {
    String[] fields = stored.split("\\|", FIELDS);
    return Arrays.stream(Kind.values())
      .filter(kind -> fields.length == FIELDS && kind != Kind.OTHER && kind.code().equals(fields[0]))
      .map(kind -> new InstanceOutage(kind, fields[1], fields[4], moment(fields[2]), moment(fields[3])))
      .findFirst()
      .orElseGet(() -> of(Kind.OTHER, "", stored));
  }

  /** A stored outage as a sentence in English, for logs and events, which have their own times. */
  public static String sentence(String stored) {
    return parse(stored).map(InstanceOutage::englishPattern).orElse("");
  }

  /** Code, instance, since, until (both in ms, or empty) and detail. The scripts of the store write it, too. */
  public String stored() {
    return kind == Kind.OTHER ? detail
      : String.join(SEPARATOR, kind.code(), instance, millis(since), millis(until), detail);
  }

  /** Its code, for programs. */
  public String code() {
    return kind.code();
  }

  /** Whether it keeps all tasks from the instance; otherwise one at a time may run. */
  public boolean isOut() {
    return kind != Kind.TRIAL;
  }

  /** The sentence in English, as of this moment. */
  public String english(Instant now) {
    return filled(englishPattern(), now, InstanceOutage::inEnglish);
  }

  /** The sentence in Chinese, as of this moment. */
  public String chinese(Instant now) {
    return filled(chinesePattern(), now, InstanceOutage::inChinese);
  }

  /** The sentence in English with {@code {since}} and {@code {until}} where a span of time is to be put in. */
  public String englishPattern() {
    return pattern(kind.english, "; next try in {until}");
  }

  /** The same in Chinese. */
  public String chinesePattern() {
    return pattern(kind.chinese, "；{until}后再试");
  }

  private String pattern(String sentence, String nextTry) {
    return sentence.replace("{0}", instance).replace("{1}", detail) + (until.isPresent() ? nextTry : "");
  }

  private String filled(String pattern, Instant now, Function<Duration, String> words) {
    return pattern
      .replace(SINCE, words.apply(since.map(from -> Duration.between(from, now)).orElse(Duration.ZERO)))
      .replace("{until}", words.apply(until.map(end -> Duration.between(now, end)).orElse(Duration.ZERO)));
  }

  private static String inEnglish(Duration span) {
    return isShort(span) ? seconds(span) + " s" : minutes(span) + " min";
  }

  private static String inChinese(Duration span) {
    return isShort(span) ? seconds(span) + " 秒" : minutes(span) + " 分钟";
  }

  private static boolean isShort(Duration span) {
    return span.toSeconds() < 120;
  }

  private static long seconds(Duration span) {
    return Math.max(0, span.plusMillis(999).toSeconds());
  }

  private static long minutes(Duration span) {
    return span.plusSeconds(59).toMinutes();
  }

  private static String millis(Optional<Instant> moment) {
    return moment.map(at -> String.valueOf(at.toEpochMilli())).orElse("");
  }

  private static Optional<Instant> moment(String millis) {
    return millis.matches("\\d{1,15}") ? Optional.of(Instant.ofEpochMilli(Long.parseLong(millis))) : Optional.empty();
  }
}
