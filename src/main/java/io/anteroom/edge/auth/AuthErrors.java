package io.anteroom.edge.auth;

import io.anteroom.directory.UserName;
import io.anteroom.edge.http.HtmlPages.Pages;
import io.anteroom.net.PortRange;
import io.anteroom.task.ApiException;
import io.anteroom.task.ApiException.Code;
import java.util.regex.Pattern;

/** The errors of authentication and authorization, in both languages. */
public final class AuthErrors {
  private static final Pattern PROTOCOL_CODE = Pattern.compile("[A-Za-z_, ]{1,80}");

  private AuthErrors() {
  }

  public static ApiException signInNeeded() {
    return ApiException.of(Code.SIGN_IN_NEEDED,
      "You are not signed in, or your sign-in has ended; sign in at /signin and try again.",
      "您尚未登录或登录已失效；请在 /signin 登录后重试。");
  }

  public static ApiException notYours(String owner, String user) {
    return ApiException.of(Code.NOT_YOURS,
      "This belongs to '%s', you are signed in as '%s'; your own page is %s."
        .formatted(shown(owner), user, Pages.ofStudent(user)),
      "这属于“%s”，而您以“%s”的身份登录；您自己的页面是 %s。".formatted(shown(owner), user, Pages.ofStudent(user)));
  }

  /** A program has called the address of another student. */
  public static ApiException notYourAddress(String user, String origin) {
    return ApiException.of(Code.NOT_YOURS,
      "You are signed in as '%s', whose ComfyUI is at %s; this address is another student's.".formatted(user, origin),
      "您以“%s”的身份登录，您的 ComfyUI 位于 %s；这是另一位用户的地址。".formatted(user, origin));
  }

  public static ApiException notInTheLab(String user) {
    return ApiException.of(Code.NOT_IN_THE_LAB,
      "You are signed in as '%s', but this lab does not know that name; ask your teacher to enter it."
        .formatted(shown(user)),
      "您以“%s”的身份登录，但本实验室没有这个用户；请让老师添加。".formatted(shown(user)));
  }

  /** Each student has their own port, and there are more students than ports. */
  public static ApiException noPortLeft(String owner, PortRange ports) {
    return ApiException.of(Code.BUSY,
      "There is no free port for the page of '%s': all of %s are assigned; ask your teacher for more "
        .formatted(shown(owner), ports) + "(isolation.ports).",
      "没有空闲端口可供“%s”的页面使用：端口 %s 均已分配；请让老师扩大 isolation.ports。".formatted(shown(owner), ports));
  }

  public static ApiException tooManyAttempts(long seconds) {
    return ApiException.of(Code.TOO_MANY_ATTEMPTS,
      "Too many attempts to sign in; try again in %d s, or ask your teacher for a one-time code.".formatted(seconds),
      "登录尝试次数过多；请在 %d 秒后重试，或向老师索取一次性代码。".formatted(seconds));
  }

  public static ApiException wrongSignIn() {
    return ApiException.of(Code.WRONG_SIGN_IN,
      "Wrong user name, password or code. A code can be used once.",
      "用户名、密码或代码错误；一次性代码只能使用一次。");
  }

  public static ApiException weakPassword(int length, int min, int max) {
    return ApiException.of(Code.INVALID_REQUEST,
      "The password has %d characters; choose one of %d to %d.".formatted(length, min, max),
      "密码有 %d 个字符；请设置 %d 到 %d 个字符的密码。".formatted(length, min, max));
  }

  /** The state that came back is unknown, expired, used, or of another browser (login CSRF). */
  public static ApiException unknownSignInState() {
    return ApiException.of(Code.WRONG_SIGN_IN,
      "This sign-in was not begun in this browser, took too long, or was used before; start again from the teaching "
        + "system in a new window, or at /signin.",
      "此次登录不是在本浏览器中发起的，或已超时、已被使用；请从教学系统（在新窗口中）重新进入，或在 /signin 重新登录。");
  }

  /** What came back is not valid proof. */
  public static ApiException unprovenSignIn() {
    return ApiException.of(Code.WRONG_SIGN_IN,
      "The sign-in system did not prove who you are; try again, or tell your teacher: the log gives the reason.",
      "登录系统未能证明您的身份；请重试，或告知老师（日志中有具体原因）。");
  }

  /** @param why an error code of the protocol */
  public static ApiException signInDenied(String why) {
    String code = PROTOCOL_CODE.matcher(why).matches() ? why : "?";
    return ApiException.of(Code.WRONG_SIGN_IN,
      "The sign-in system did not allow you to sign in here (%s); try again, or tell your teacher."
        .formatted(code),
      "登录系统未允许您进入本系统（%s）；请重试，或告知老师。".formatted(code));
  }

  /**
   * The name that a sign-in system gives cannot be a user's name.
   *
   * @param source where it was read
   * @param shown  what was read, safe to display
   */
  static ApiException unusableName(Code code, String source, String shown, UserName.Objection why) {
    return ApiException.of(code,
      "Your sign-in name cannot be used here: the %s says '%s', but %s; tell your teacher."
        .formatted(source, shown, why.english()),
      "您登录所用的名称无法在此使用：%s 的值为“%s”，%s；请告知老师。".formatted(source, shown, why.chinese()));
  }

  /** The identity provider, or its keys, cannot be reached at present. */
  public static ApiException providerUnavailable() {
    return ApiException.of(Code.BUSY,
      "The sign-in system does not respond at present; try again in a minute, or tell your teacher.",
      "您所使用的登录系统暂时没有响应；请稍后重试，或告知老师。");
  }

  private static String shown(String text) {
    return UserName.shown(text);
  }
}
