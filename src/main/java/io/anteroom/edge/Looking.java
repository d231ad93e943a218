package io.anteroom.edge;

import io.anteroom.edge.auth.Visitor;
import io.anteroom.task.Refusal;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What of a student's ComfyUI somebody may have who only looks: the page, its files, and what ComfyUI itself tells when
 * it is asked. A list of what is allowed, since custom nodes install and restart things on GET too.
 */
final class Looking {
  private static final Pattern PAGE = Pattern.compile(
    "/|/[\\w.-]+\\.(html|js|mjs|css|json|svg|png|ico|webp|woff2?|map)"
      + "|/(assets|extensions|scripts|lib|fonts|cursor|materialdesignicons\\.min|templates|docs|_anteroom)/.*");
  private static final Pattern TOLD = Pattern.compile("(/api)?/("
    + "(object_info|models|embeddings|history|jobs|settings|view_metadata|experiment/models|global_subgraphs"
    + "|workflow_templates|i18n|userdata|v2/userdata)(/.*)?"
    + "|prompt|queue|extensions|system_stats|features|users|view|node_replacements|ws)");

  private Looking() {
  }

  /** Why this visitor may not have it; empty when he may. */
  static Optional<Refusal> objection(HttpServerRequest request, Visitor visitor, StudentPath path) {
    if (!visitor.onlyLooks()) {
      return Optional.empty();
    }
    if (!Methods.isRead(request.method())) {
      return Optional.of(Refusals.onlyLooks(visitor.name()));
    }
    String meaning = path.inner().meaning();
    boolean harmless = SocketRoute.isWanted(request) ? SocketRoute.isOfThePage(meaning)
      : PAGE.matcher(meaning).matches() || TOLD.matcher(meaning).matches();
    return harmless ? Optional.empty() : Optional.of(Refusals.notToLookAt(visitor.name(), path.inner().path()));
  }
}
