package io.anteroom.admin;

import io.anteroom.task.ApiException;
import io.anteroom.task.ApiException.Code;

/** The refusals of the admin port. */
final class AdminErrors {
  private static final String PATHS = "GET /health/live, GET /health/ready, GET /metrics";
  private static final int MAX_SHOWN = 100;

  private AdminErrors() {
  }

  static ApiException foreignName(String host) {
    return foreign(Code.WRONG_ADDRESS, host);
  }

  static ApiException foreignPage(String host) {
    return foreign(Code.FOREIGN_ORIGIN, host);
  }

  private static ApiException foreign(Code code, String host) {
    return ApiException.of(code,
      "The admin port only answers under a loopback name or as %s (http.admin_host).".formatted(host),
      "管理端口仅接受通过本机回环地址或 %s（http.admin_host）的访问。".formatted(host));
  }

  static ApiException unknownPath(String call) {
    return ApiException.of(Code.UNKNOWN_PATH,
      "The admin port has no %s; it answers %s.".formatted(shown(call), PATHS),
      "管理端口没有 %s；可用：%s。".formatted(shown(call), PATHS));
  }

  static ApiException methodNotAllowed(String call) {
    return ApiException.of(Code.METHOD_NOT_ALLOWED,
      "The admin port does not support %s; it answers %s.".formatted(shown(call), PATHS),
      "管理端口不支持 %s；可用：%s。".formatted(shown(call), PATHS));
  }

  private static String shown(String call) {
    return call.length() <= MAX_SHOWN ? call : call.substring(0, MAX_SHOWN) + "…";
  }
}
