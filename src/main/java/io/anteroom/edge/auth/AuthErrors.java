package io.anteroom.edge.auth;

import io.anteroom.directory.UserName;
import io.anteroom.edge.http.HtmlPages.Pages;
import io.anteroom.net.PortRange;
import io.anteroom.task.ApiException;
import io.anteroom.task.ApiException.Code;
import java.util.regex.Pattern;

/** Why somebody is not let in. */
public final class AuthErrors {
  private static final Pattern PROTOCOL_WORDS = Pattern.compile("[A-Za-z_, ]{1,80}");

  private AuthErrors() {
  }

  public static ApiException signInNeeded() {
    return ApiException.of(Code.SIGN_IN_NEEDED,
      "You are not signed in, or not any more; sign in at /signin and try again.",
      "您尚未登录或登录已失效；请在 /signin 登录后重试。");
  }

  public static ApiException notYours(String owner, String user) {
    return ApiException.of(Code.NOT_YOURS,
      "This belongs to '%s', you are signed in as '%s'; your own page is %s."
        .formatted(shown(owner), user, Pages.ofStudent(user)),
      "这属于“%s”，而您以“%s”的身份登录；您自己的页面是 %s。".formatted(shown(owner), user, Pages.ofStudent(user)));
  }

  /** A program has come to the address of somebody else. */
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

  /** Each student has a port of his own, and there are more students than ports. */
  public static ApiException noDoorLeft(String owner, PortRange ports) {
    return ApiException.of(Code.BUSY,
      "There is no port left for the page of '%s': all of %s have a student; ask your teacher for more "
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
      "This name and password, or code, do not belong together; a code works once.",
      "用户名与密码（或代码）不匹配；一次性代码只能使用一次。");
  }

  public static ApiException weakPassword(int length, int min, int max) {
    return ApiException.of(Code.INVALID_REQUEST,
      "The password has %d characters; choose one of %d to %d.".formatted(length, min, max),
      "密码有 %d 个字符；请设置 %d 到 %d 个字符的密码。".formatted(length, min, max));
  }

  /** Somebody comes back from where he was not sent, or not from here, or not now. */
  public static ApiException strangeErrand() {
    return ApiException.of(Code.WRONG_SIGN_IN,
      "This sign-in was not begun in this browser, took too long, or was used before; begin again from the teaching "
        + "system in a window of its own, or at /signin.",
      "此次登录不是在本浏览器中发起的，或已超时、已被使用；请从教学系统（在新窗口中）重新进入，或在 /signin 重新登录。");
  }

  /** What came back proves nothing. */
  public static ApiException untrueSignIn() {
    return ApiException.of(Code.WRONG_SIGN_IN,
      "The system that you signed in at did not prove who you are; try again, or tell your teacher: the log says why.",
      "登录系统未能证明您的身份；请重试，或告知老师（日志中有具体原因）。");
  }

  /** @param why a word of the protocol */
  public static ApiException turnedDown(String why) {
    String word = PROTOCOL_WORDS.matcher(why).matches() ? why : "?";
    return ApiException.of(Code.WRONG_SIGN_IN,
      "The system that you sign in at did not let you through to here (%s); try again, or tell your teacher."
        .formatted(word),
      "登录系统未允许您进入本系统（%s）；请重试，或告知老师。".formatted(word));
  }

  /**
   * What a sign-in system says cannot be a user's name.
   *
   * @param source where it was read
   * @param shown  what was read, as it can be shown
   */
  static ApiException unusableName(Code code, String source, String shown, UserName.Objection why) {
    return ApiException.of(code,
      "You are signed in under a name that cannot be used here: the %s says '%s', but %s; tell your teacher."
        .formatted(source, shown, why.english()),
      "您登录所用的名称无法在此使用：%s 的值为“%s”，%s；请告知老师。".formatted(source, shown, why.chinese()));
  }

  /** The keys, or the address, of the one who could say who somebody is do not come at present. */
  public static ApiException nobodyVouches() {
    return ApiException.of(Code.BUSY,
      "The system that you sign in at does not answer at present; try again in a minute, or tell your teacher.",
      "您所使用的登录系统暂时没有响应；请稍后重试，或告知老师。");
  }

  private static String shown(String text) {
    return UserName.shown(text);
  }
}
