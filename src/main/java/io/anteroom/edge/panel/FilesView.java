package io.anteroom.edge.panel;

import io.anteroom.comfy.OutputParser;
import io.anteroom.comfy.PanelClient;
import io.anteroom.edge.panel.HistoryView.Part;
import io.anteroom.edge.proxy.InstanceRoutes.RequestContext;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** {@code GET /internal/files/{folder}} on a shared instance: the files of the student's own latest runs. */
final class FilesView {
  private static final int MAX_RUNS = 64;

  private final HistoryView history;
  private final PanelClient client;

  FilesView(HistoryView history, PanelClient client) {
    this.history = history;
    this.client = client;
  }

  /** The instance's own list, in its order, without those that no run of the student made. */
  Future<JsonArray> list(RequestContext context, String folder) {
    return history.list(context, new Part(Optional.of(MAX_RUNS), Optional.empty())).compose(entries -> {
      Set<String> own = OutputParser.files(entries).stream()
        .filter(file -> file.folder().equals(folder) && file.subfolder().isEmpty())
        .map(OutputParser.OutputFile::name)
        .collect(Collectors.toSet());
      return own.isEmpty() ? Future.succeededFuture(new JsonArray())
        : client.files(context.account(), context.home(), folder).map(all -> only(own, all, " [" + folder + "]"));
    });
  }

  /** @param suffix that newer releases append to each name */
  private static JsonArray only(Set<String> own, List<String> all, String suffix) {
    return new JsonArray(all.stream()
      .filter(name -> own.contains(name) || name.endsWith(suffix)
        && own.contains(name.substring(0, name.length() - suffix.length())))
      .toList());
  }
}
