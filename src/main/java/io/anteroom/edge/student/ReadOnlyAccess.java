package io.anteroom.edge.student;

import io.anteroom.edge.auth.Authorizer.Access;
import io.anteroom.edge.http.EdgeErrors;
import io.anteroom.edge.http.HttpMethods;
import io.anteroom.edge.http.RawUri;
import io.anteroom.edge.http.StudentPath;
import io.anteroom.edge.proxy.SocketRoute;
import io.anteroom.task.ApiException;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Limits a viewer to the exact routes that ComfyUI's page reads (allowlist). No prefix is allowed as a whole, since
 * custom nodes install, delete and restart things on GET too, also below the names that ComfyUI uses.
 */
final class ReadOnlyAccess {
  /** A static file in one of the page's folders, not a handler. */
  private static final String FILE = "([^/.;?][^/;?]*/)*[^/;?]+\\.(js|mjs|cjs|css|json|map|html|wasm|md|txt|csv|svg|png"
    + "|jpe?g|gif|webp|avif|ico|webm|mp4|mp3|wav|ogg|woff2?|ttf|otf|eot|glb)";
  private static final String UUID = "\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}";
  private static final String MODEL_FOLDER = "(audio_encoders|background_removal|checkpoints|classifiers|clip"
    + "|clip_vision|configs|controlnet|detection|diffusers|diffusion_models|embeddings|frame_interpolation"
    + "|geometry_estimation|gligen|hypernetworks|latent_upscale_models|loras|model_patches|optical_flow|photomaker"
    + "|style_models|text_encoders|unet|upscale_models|vae|vae_approx)";

  private static final Pattern PAGE = Pattern.compile("/|/(index\\.html|user\\.css|manifest\\.json|favicon\\.ico"
    + "|materialdesignicons\\.min\\.css|build-manifest\\.json)"
    + "|/(assets|extensions|scripts|lib|fonts|cursor|templates|docs)/" + FILE
    + "|/api/workflow_templates/" + FILE
    + "|/_anteroom/.+");

  /** Each also below {@code /api}. An encoded slash in a file's name separates nothing. */
  private static final Pattern ROUTES = Pattern.compile("(/api)?/("
    + "prompt|queue|history|extensions|system_stats|features|users|view|node_replacements|settings|i18n|userdata"
    + "|v2/userdata|object_info|embeddings|models|experiment/models|global_subgraphs|workflow_templates"
    + "|history/" + UUID
    + "|settings/\\w+(\\.[\\w-]+)+"
    + "|userdata/[^/]+\\.\\w{2,5}"
    + "|(experiment/)?models/" + MODEL_FOLDER
    + "|experiment/models/preview/" + MODEL_FOLDER + "/\\d+/[^/]+(/[^/]+)*\\.\\w{2,11}"
    + "|view_metadata/" + MODEL_FOLDER
    + "|global_subgraphs/\\p{XDigit}{64})");

  /** Routes with {@code /api} in their own name; those of jobs are doubled like the others. */
  private static final Pattern API_ROUTES = Pattern.compile("(/api)?/api/jobs(/" + UUID + ")?"
    + "|/api/(tags|assets|assets/tags/refine|assets/" + UUID + "(/content)?)");

  private ReadOnlyAccess() {
  }

  /** Why the request is rejected; empty when it is allowed. */
  static Optional<ApiException> objection(HttpServerRequest request, Access access, StudentPath path) {
    if (!access.readOnly()) {
      return Optional.empty();
    }
    if (!HttpMethods.isRead(request.method())) {
      return Optional.of(EdgeErrors.readOnly(access.name()));
    }
    boolean allowed = HttpMethods.wantsSocket(request) ? SocketRoute.isOfThePage(path.inner().meaning())
      : isShown(path.inner());
    return allowed ? Optional.empty() : Optional.of(EdgeErrors.notForViewers(access.name(), path.inner().path()));
  }

  /** Whether the page reads it in order to be shown. Each segment is decoded separately, as ComfyUI does. */
  static boolean isShown(RawUri uri) {
    String path = uri.segments();
    return Stream.of(PAGE, ROUTES, API_ROUTES).anyMatch(route -> route.matcher(path).matches());
  }
}
