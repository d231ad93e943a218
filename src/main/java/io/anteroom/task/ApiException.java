package io.anteroom.task;

import java.util.Locale;

/**
 * An error that the client can act on: what, whose, which value, which limit, what to do.
 *
 * <p>Made by the factories of each area; crosses the event bus and ends in the shape of ComfyUI's errors.
 */
public final class ApiException extends RuntimeException {
  private final Code code;
  private final String chinese;
  private final String details;
  private final String report;

  /** The closed list of reasons, each with its HTTP status. */
  public enum Code {
    NOT_JSON(400),
    NOT_AN_OBJECT(400),
    NO_PROMPT(400),
    INVALID_PROMPT(400),
    INVALID_PROMPT_ID(400),
    INVALID_CLIENT_ID(400),
    INVALID_EXTRA_DATA(400),
    INVALID_NUMBER(400),
    INVALID_REQUEST(400),
    SIGN_IN_NEEDED(401),
    WRONG_SIGN_IN(401),
    FOREIGN_ORIGIN(403),
    NOT_YOURS(403),
    NOT_IN_THE_LAB(403),
    ONLY_LOOKS(403),
    SHARED_INSTANCE(403),
    UNKNOWN_USER(404),
    UNKNOWN_INSTANCE(404),
    UNKNOWN_TASK(404),
    UNKNOWN_PATH(404),
    METHOD_NOT_ALLOWED(405),
    PROMPT_ID_TAKEN(409),
    ALREADY_ENDED(409),
    TOO_LARGE(413),
    ADDRESS_TOO_LONG(414),
    WRONG_ADDRESS(421),
    TOO_MANY_WAITING(429),
    TOO_MUCH_WAITING(429),
    TOO_MANY_ATTEMPTS(429),
    TOO_MANY_REQUESTS(429),
    HEADERS_TOO_LARGE(431),
    INTERNAL(500),
    INSTANCE_DOWN(502),
    QUEUE_UNAVAILABLE(503),
    QUEUE_FULL(503),
    BUSY(503),
    INSTANCE_SLOW(504);

    private final int status;
    private final String word = name().toLowerCase(Locale.ROOT);

    Code(int status) {
      this.status = status;
    }

    /** Its HTTP status. */
    public int status() {
      return status;
    }

    /** The code as JSON writes it, {@code not_json}. */
    public String word() {
      return word;
    }
  }

  private ApiException(Code code, String english, String chinese, String details, String report) {
    super(english, null, false, false);
    this.code = code;
    this.chinese = chinese;
    this.details = details;
    this.report = report;
  }

  /**
   * An error in both languages.
   *
   * @param english one sentence with the value, the limit and what to do
   * @param chinese the same in Chinese
   */
  public static ApiException of(Code code, String english, String chinese) {
    return new ApiException(code, english, chinese, "", "");
  }

  /** A request that came so late that its client has stopped waiting; it was not stored. */
  public static ApiException tooLate() {
    return of(Code.QUEUE_UNAVAILABLE,
      "Anteroom is overloaded and did not handle this submit in time; it was not stored and will not run; try again in"
        + " a few seconds.",
      "Anteroom 当前过于繁忙，未能及时处理本次提交；它没有保存，也不会运行。请过几秒再试。");
  }

  /** ComfyUI itself rejects a workflow; the error is its own, which its page knows. */
  public static ApiException byComfyUi(TaskError error) {
    return of(Code.INVALID_PROMPT, "ComfyUI refuses the workflow: " + error.message(),
      "ComfyUI 拒绝了该工作流：" + error.message()).details(error.details()).report(error.report());
  }

  /** The same with details, for instance where a JSON text breaks off. */
  public ApiException details(String more) {
    return new ApiException(code, getMessage(), chinese, more, report);
  }

  /** The same with ComfyUI's own error: a JSON object that is sent as it is, in place of the sentences. */
  public ApiException report(String json) {
    return new ApiException(code, getMessage(), chinese, details, json);
  }

  public Code code() {
    return code;
  }

  /** The sentence in English. */
  public String english() {
    return getMessage();
  }

  /** The sentence in Chinese. */
  public String chinese() {
    return chinese;
  }

  public String details() {
    return details;
  }

  /** ComfyUI's own error as a JSON object; empty when the error is Anteroom's. */
  public String report() {
    return report;
  }
}
