package io.anteroom.edge.http;

import io.anteroom.comfy.InstanceProbe.NotComfyUi;
import io.anteroom.directory.Instance;
import io.anteroom.directory.User;
import io.anteroom.task.ApiException;
import io.anteroom.task.ApiException.Code;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.core.http.StreamResetException;
import io.vertx.core.http.UpgradeRejectedException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The errors of the edge, in both languages. */
public final class EdgeErrors {
  /** The maximum length of a request line, in bytes. */
  public static final int MAX_REQUEST_LINE = 16 << 10;
  /** The maximum size of all headers of a request, in bytes. */
  public static final int MAX_HEADERS = 32 << 10;

  private static final int MAX_SHOWN = 200;

  private EdgeErrors() {
  }

  public static ApiException unsafeAddress() {
    return ApiException.of(Code.INVALID_REQUEST,
      "The address cannot be forwarded: its path must not contain '..', and non-ASCII characters, spaces and "
        + "backslashes must be percent-encoded.",
      "该地址无法转发：路径中不得包含“..”，非 ASCII 字符、空格和反斜杠必须使用百分号编码。");
  }

  /** For what Netty cannot decode. */
  static ApiException unreadable(Throwable cause) {
    if (cause instanceof TooLongHttpLineException) {
      return ApiException.of(Code.ADDRESS_TOO_LONG,
        "The address is longer than %d characters; shorten it.".formatted(MAX_REQUEST_LINE),
        "地址超过 %d 个字符的上限；请缩短。".formatted(MAX_REQUEST_LINE));
    }
    if (cause instanceof TooLongHttpHeaderException) {
      return ApiException.of(Code.HEADERS_TOO_LARGE,
        "The headers are larger than %d bytes; delete this site's cookies and try again."
          .formatted(MAX_HEADERS),
        "请求头超过 %d 字节的上限；请清除本站的 Cookie 后重试。".formatted(MAX_HEADERS));
    }
    return ApiException.of(Code.INVALID_REQUEST, "This request is not valid HTTP.",
      "该请求不符合 HTTP 协议，无法读取。");
  }

  /** @param fault a predicate about the header, {@code is missing} */
  public static ApiException ambiguous(String header, String fault) {
    return ApiException.of(Code.INVALID_REQUEST,
      "This request is ambiguous: its header '%s' %s.".formatted(shown(header), fault),
      "该请求存在歧义，可能被不同服务器作不同理解（请求头“%s”有误）。".formatted(shown(header)));
  }

  public static ApiException invalid(String what, String value, String allowed) {
    return ApiException.of(Code.INVALID_REQUEST,
      "%s is '%s', but must be %s.".formatted(what, shown(value), allowed),
      "%s 的值“%s”无效，应为：%s。".formatted(what, shown(value), allowed));
  }

  /** The message quotes the beginning of what was sent. */
  public static ApiException notAnObject(Buffer sent) {
    String text = sent.getString(0, Math.min(sent.length(), MAX_SHOWN + 1)).strip();
    return text.isEmpty() ? ApiException.of(Code.INVALID_REQUEST,
      "The body is empty, but must be a JSON object.", "请求体为空，应为 JSON 对象。")
      : invalid("The body", text, "a JSON object");
  }

  public static ApiException unknownPath(String path) {
    return ApiException.of(Code.UNKNOWN_PATH,
      "There is nothing at '%s'. A student's ComfyUI is at /u/<name>/, and only pages from there may omit that prefix."
        .formatted(shown(path)),
      "“%s”处没有内容。学生的 ComfyUI 位于 /u/<用户名>/，只有来自该处的页面才能省略这一部分。".formatted(shown(path)));
  }

  public static ApiException bypassesQueue(String path) {
    return ApiException.of(Code.METHOD_NOT_ALLOWED,
      "A run sent to '%s' would bypass the lab's queue; send it to /prompt, as ComfyUI's page does."
        .formatted(shown(path)),
      "发送到“%s”的任务会绕过实验室队列；请像 ComfyUI 页面那样发送到 /prompt。".formatted(shown(path)));
  }

  public static ApiException readOnly(String owner) {
    return ApiException.of(Code.ONLY_LOOKS,
      "You are viewing the workspace of '%s' (read only): nothing can be run, changed or cancelled from here."
        .formatted(owner),
      "您正在查看“%s”的内容：在此不能运行、修改或取消任何任务。".formatted(owner));
  }

  public static ApiException notForViewers(String owner, String path) {
    return ApiException.of(Code.ONLY_LOOKS,
      "You are viewing the workspace of '%s' (read only); '%s' is not open to viewers, since it may change something."
        .formatted(owner, shown(path)),
      "您正在查看“%s”的内容；“%s”不对查看者开放，因为请求它可能会产生更改。".formatted(owner, shown(path)));
  }

  public static ApiException onSharedInstance(String instance, String path) {
    return ApiException.of(Code.SHARED_INSTANCE,
      ("Several students share '%s', and '%s' would show or change what belongs to all of them; it is only available "
        + "on an instance of your own. Ask your teacher or the administrator.").formatted(instance, shown(path)),
      "“%s”由多名学生共用，而“%s”会显示或更改属于所有人的内容；只有在独立的实例上才能使用。请联系老师或管理员。"
        .formatted(instance, shown(path)));
  }

  /** Without origin isolation the page's scripts would act with the viewer's own sign-in. */
  public static ApiException viewingNeedsIsolation(String owner) {
    return ApiException.of(Code.ONLY_LOOKS,
      ("The page of '%s' can only be viewed where each student has their own address; ask the administrator to set "
        + "isolation.by to port or host.").formatted(owner),
      "只有在每个学生拥有独立地址时才能查看“%s”的页面；请联系管理员将 isolation.by 设为 port 或 host。".formatted(owner));
  }

  public static ApiException wrongOrigin(String owner, String origin) {
    return ApiException.of(Code.WRONG_ADDRESS,
      "The ComfyUI of '%s' is at %s: send the request there, from a page that is open there.".formatted(owner, origin),
      "“%s”的 ComfyUI 位于 %s：请在该处打开的页面中操作。".formatted(owner, origin));
  }

  public static ApiException foreignName(String name, String ownAddress) {
    return ApiException.of(Code.WRONG_ADDRESS,
      ("Sign-in is off, so Anteroom only answers to this machine's own names, not to '%s' (DNS rebinding): open %s; "
        + "for another name set http.public_url.").formatted(shown(name), ownAddress),
      "此处无需登录，因此 Anteroom 只接受以本机名称的访问，不接受“%s”：请打开 %s；使用其他名称须设置 http.public_url。"
        .formatted(shown(name), ownAddress));
  }

  static ApiException methodNotAllowed(String method, String path, String allowed) {
    return ApiException.of(Code.METHOD_NOT_ALLOWED,
      "'%s' only accepts %s, not %s.".formatted(shown(path), allowed, method),
      "“%s”只接受 %s，不接受 %s。".formatted(shown(path), allowed, method));
  }

  public static ApiException unknownTask(String id) {
    return ApiException.of(Code.UNKNOWN_TASK,
      "You have no task '%s'; it may have ended long ago.".formatted(shown(id)),
      "您没有任务“%s”；它可能早已结束。".formatted(shown(id)));
  }

  public static ApiException unknownInstance(User user) {
    return ApiException.of(Code.UNKNOWN_INSTANCE,
      "%s has no ComfyUI yet: '%s' is neither an instance nor a pool; ask the administrator to add one."
        .formatted(user.name(), user.instance()),
      "%s 还没有可用的 ComfyUI：“%s”既不是实例也不是实例池；请联系管理员添加。".formatted(user.name(), user.instance()));
  }

  static ApiException instanceDown(String instance, String cause) {
    return ApiException.of(Code.INSTANCE_DOWN,
      "ComfyUI on '%s' cannot be reached. Your waiting tasks are kept; try again in a minute, or tell your teacher."
        .formatted(instance),
      "无法连接到“%s”上的 ComfyUI。排队中的任务会保留；请稍后重试，或告知老师。".formatted(instance)).details(cause);
  }

  /** @param what was received instead of ComfyUI's response */
  static ApiException instanceForeign(String instance, String what) {
    return ApiException.of(Code.INSTANCE_DOWN,
      "The server of '%s' is not ComfyUI (%s); is a sign-in page or a proxy in front of it? Tell your teacher."
        .formatted(instance, what),
      "“%s”上应答的不是 ComfyUI（%s）；它前面是否有登录页面或代理？请告知老师。".formatted(instance, what));
  }

  static ApiException instanceUntrusted(String instance) {
    return ApiException.of(Code.INSTANCE_DOWN,
      "The certificate of '%s' is not trusted here (instance.tls.ca); tell your teacher.".formatted(instance),
      "“%s”出示的证书在此不受信任（instance.tls.ca）；请告知老师。".formatted(instance));
  }

  static ApiException instanceSlow(String instance, Duration timeout) {
    return ApiException.of(Code.INSTANCE_SLOW,
      "ComfyUI on '%s' did not answer within %d s. It may be loading; try again in a minute."
        .formatted(instance, timeout.toSeconds()),
      "“%s”上的 ComfyUI 在 %d 秒内没有响应，可能正在加载；请稍后重试。".formatted(instance, timeout.toSeconds()));
  }

  static ApiException instanceBusy(String instance) {
    return ApiException.of(Code.BUSY,
      "Too many requests are waiting for ComfyUI on '%s'; try again in a few seconds.".formatted(instance),
      "同时等待“%s”上 ComfyUI 的请求过多；请几秒后重试。".formatted(instance));
  }

  public static ApiException ownRequestsWait(String user, String instance, Duration timeout) {
    return ApiException.of(Code.BUSY,
      ("Other requests of %s for ComfyUI on '%s' are still in progress, and this one had no turn within %d s; let "
        + "uploads and downloads finish, then try again.").formatted(user, instance, timeout.toSeconds()),
      "%s 对“%s”上 ComfyUI 的其他请求仍在进行，%d 秒内未能轮到本请求；请等上传和下载结束后重试。"
        .formatted(user, instance, timeout.toSeconds()));
  }

  public static ApiException tooManyOwnRequests(String user, String instance, int limit) {
    return ApiException.of(Code.TOO_MANY_REQUESTS,
      "%d requests of %s are already waiting for ComfyUI on '%s', which is the limit; try again in a few seconds."
        .formatted(limit, user, instance),
      "%s 已有 %d 个请求在等待“%s”上的 ComfyUI，达到上限；请几秒后重试。".formatted(user, limit, instance));
  }

  public static ApiException uploadTooSlow(Duration within, int minPerSecond) {
    return ApiException.of(Code.INVALID_REQUEST,
      "The upload was slower than %d bytes per second for %d s and was aborted; try again on a better connection."
        .formatted(minPerSecond, within.toSeconds()),
      "上传在 %d 秒内的速度低于每秒 %d 字节，已被中止；请在网络较好时重试。".formatted(within.toSeconds(), minPerSecond));
  }

  public static ApiException tooLarge(long limit) {
    return ApiException.of(Code.TOO_LARGE,
      "The workflow is larger than %d bytes, the limit here (http.body_limit, and at most a quarter of the node's "
        .formatted(limit) + "memory); embed fewer or smaller images.",
      "工作流超过 %d 字节的上限（http.body_limit，且不超过节点内存的四分之一）；请减少或缩小其中嵌入的图像。".formatted(limit));
  }

  public static ApiException bodiesBusy(long limit) {
    return ApiException.of(Code.BUSY,
      "Too many large workflows are being submitted at once (limit: %d bytes in total); try again in a few seconds."
        .formatted(limit),
      "同时提交的大型工作流过多（合计上限 %d 字节）；请几秒后重试。".formatted(limit));
  }

  public static ApiException ownBodiesBusy(String user, long limit) {
    return ApiException.of(Code.BUSY,
      "Too many large workflows of %s are being submitted at once (limit: %d bytes in total); send them one by one."
        .formatted(user, limit),
      "%s 同时提交的大型工作流过多（合计上限 %d 字节）；请逐个提交。".formatted(user, limit));
  }

  public static ApiException tooManyOpen(String what, String user, int limit) {
    return ApiException.of(Code.BUSY,
      "%s has %d %s open already; close a few tabs.".formatted(user, limit, what),
      "%s 已打开 %d 个 %s；请关闭一些标签页。".formatted(user, limit, what));
  }

  /** @param who a user or an address */
  public static ApiException tooOften(String who, double perSecond) {
    return ApiException.of(Code.TOO_MANY_REQUESTS,
      "Rate limit exceeded: %s sent more than %.0f requests per second; wait a few seconds."
        .formatted(who, perSecond),
      "%s 的请求过于频繁（每秒超过 %.0f 次）；请几秒后重试。".formatted(who, perSecond));
  }

  public static ApiException bodyBroken() {
    return ApiException.of(Code.INVALID_REQUEST,
      "The workflow did not arrive completely; send it again.", "工作流未能完整送达；请重新提交。");
  }

  public static ApiException bodyTooSlow(Duration timeout, int minPerSecond) {
    return ApiException.of(Code.INVALID_REQUEST,
      "The workflow did not arrive within %d s, or was slower than %d bytes per second; try again on a better "
        .formatted(timeout.toSeconds(), minPerSecond) + "connection.",
      "工作流未能在 %d 秒内传完，或速度低于每秒 %d 字节；请在网络较好时重试。".formatted(timeout.toSeconds(), minPerSecond));
  }

  private static String shown(String text) {
    return text.length() > MAX_SHOWN ? text.substring(0, MAX_SHOWN) + "…" : text;
  }

  /** Maps the failure of a request to an instance to an error. */
  public static final class InstanceFailure {
    private static final Logger log = LoggerFactory.getLogger(InstanceFailure.class);

    private static final Set<Code> OF_INSTANCE = Set.of(Code.INSTANCE_DOWN, Code.INSTANCE_SLOW);

    private InstanceFailure() {
    }

    /** @param timeout how long the instance had to answer */
    public static ApiException error(Instance instance, Throwable failure, Duration timeout) {
      Throwable cause = failure instanceof StreamResetException && failure.getCause() != null
        ? failure.getCause() : failure;
      if (cause instanceof ApiException known) {
        return known;
      }
      log.warn("A request to an instance failed: instance={} cause={}", instance.name(), cause.toString());
      if (cause instanceof ConnectionPoolTooBusyException) {
        return EdgeErrors.instanceBusy(instance.name());
      }
      if (cause instanceof TimeoutException) {
        return EdgeErrors.instanceSlow(instance.name(), timeout);
      }
      if (cause instanceof UpgradeRejectedException rejected) {
        return EdgeErrors.instanceForeign(instance.name(), String.valueOf(rejected.getStatus()));
      }
      NotComfyUi seen = NotComfyUi.of(cause);
      return switch (seen.what()) {
        case SILENT -> EdgeErrors.instanceDown(instance.name(), "");
        case UNTRUSTED -> EdgeErrors.instanceUntrusted(instance.name());
        case FOREIGN -> seen.shown().isEmpty() ? EdgeErrors.instanceDown(instance.name(), cause.getMessage())
          : EdgeErrors.instanceForeign(instance.name(), seen.shown());
      };
    }

    /** Whether the instance failed, not its client. */
    public static boolean isOfInstance(ApiException error) {
      return OF_INSTANCE.contains(error.code());
    }
  }
}
