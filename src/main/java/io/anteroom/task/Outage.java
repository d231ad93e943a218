package io.anteroom.task;

import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Why an instance gets no tasks, as students read it; its address is nobody's business.
 *
 * <p>The English sentence travels and is stored; the Chinese one is found by it.
 */
public enum Outage {
  SILENT("the instance %s does not answer", "实例 %s 没有响应"),
  FAILING("the instance %s answers with errors (%s)", "实例 %s 返回错误（%s）"),
  LATE("the instance %s does not take tasks in time", "实例 %s 未能及时接收任务"),
  STALLED("the instance %s takes tasks but does not begin them", "实例 %s 接收了任务但不开始运行"),
  STUBBORN("the instance %s would not stop a run that had to end", "实例 %s 未能停止必须结束的任务"),
  LEFT("the instance %s went silent, and a run may still go on there", "实例 %s 失去响应，其中可能仍有任务在运行"),
  MISSING("no instance is configured for %s", "没有为 %s 配置实例");

  private final String english;
  private final String chinese;
  private final Pattern pattern;

  Outage(String english, String chinese) {
    this.english = english;
    this.chinese = chinese;
    this.pattern = Pattern.compile(english.replace("(", "\\(").replace(")", "\\)").replace("%s", "(.+?)"));
  }

  /** The sentence in English. */
  public String of(Object... names) {
    return english.formatted(names);
  }

  /** The same sentence in Chinese; unchanged when it is none of these. */
  public static String chinese(String sentence) {
    return Arrays.stream(values()).flatMap(outage -> outage.translated(sentence).stream()).findFirst().orElse(sentence);
  }

  private Optional<String> translated(String sentence) {
    Matcher matcher = pattern.matcher(sentence);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    Object[] names = new Object[matcher.groupCount()];
    Arrays.setAll(names, index -> matcher.group(index + 1));
    return Optional.of(chinese.formatted(names));
  }
}
