package io.anteroom.edge.auth;

import io.anteroom.task.Refusal;
import io.anteroom.task.Refusal.Code;

/** Why somebody is not let in. */
public final class AuthRefusals {
  private static final int LONGEST_SHOWN = 64;

  private AuthRefusals() {
  }

  static Refusal signInNeeded() {
    return Refusal.of(Code.SIGN_IN_NEEDED,
      "You are not signed in, or not any more; sign in at /signin and try again.",
      "您尚未登录或登录已失效;请在 /signin 登录后重试。");
  }

  static Refusal notYours(String owner, String user) {
    return Refusal.of(Code.NOT_YOURS,
      "This belongs to '%s', you are signed in as '%s'; your own page is /u/%s/.".formatted(shown(owner), user, user),
      "这属于“%s”,而您以“%s”的身份登录;您自己的页面是 /u/%s/。".formatted(shown(owner), user, user));
  }

  static Refusal notInTheLab(String user) {
    return Refusal.of(Code.NOT_IN_THE_LAB,
      "You are signed in as '%s', but this lab does not know that name; ask your teacher to enter it."
        .formatted(shown(user)),
      "您以“%s”的身份登录,但本实验室没有这个用户;请让老师添加。".formatted(shown(user)));
  }

  static Refusal tooManyAttempts(long seconds) {
    return Refusal.of(Code.TOO_MANY_ATTEMPTS,
      "Too many attempts to sign in; try again in %d s, or ask your teacher for a one-time code.".formatted(seconds),
      "登录尝试次数过多;请在 %d 秒后重试,或向老师索取一次性代码。".formatted(seconds));
  }

  static Refusal wrongSignIn() {
    return Refusal.of(Code.WRONG_SIGN_IN,
      "This name and password, or code, do not belong together; a code works once.",
      "用户名与密码(或代码)不匹配;一次性代码只能使用一次。");
  }

  static Refusal weakPassword(int length) {
    return Refusal.of(Code.INVALID_REQUEST,
      "The password has %d characters; choose one of %d to %d.".formatted(length, Passwords.SHORTEST,
        Passwords.LONGEST),
      "密码有 %d 个字符;请设置 %d 到 %d 个字符的密码。".formatted(length, Passwords.SHORTEST, Passwords.LONGEST));
  }

  /** A sign-in at the teaching system that came back broken, too late, or twice. */
  static Refusal brokenSignIn(String why) {
    return Refusal.of(Code.WRONG_SIGN_IN,
      "The sign-in could not be finished: %s. Begin again from the teaching system, or at /signin.".formatted(why),
      "未能完成登录(%s)。请从教学系统重新进入,或在 /signin 重新登录。".formatted(why));
  }

  /** The keys, or the address, of the one who could say who somebody is do not come at present. */
  public static Refusal nobodyVouches() {
    return Refusal.of(Code.BUSY,
      "The system that you sign in at does not answer at present; try again in a minute, or tell your teacher.",
      "您所使用的登录系统暂时没有响应;请稍后重试,或告知老师。");
  }

  private static String shown(String text) {
    return text.length() > LONGEST_SHOWN ? text.substring(0, LONGEST_SHOWN) + "…" : text;
  }
}
