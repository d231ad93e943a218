package io.anteroom.edge.student;

import static org.assertj.core.api.Assertions.assertThat;

import io.anteroom.attack.Attack;
import io.anteroom.edge.http.RawUri;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a teacher's GET reaches at a student's instance. */
class ReadOnlyAccessTest {
  private static final String ID = "6f1c0a52-0000-4000-8000-000000000001";
  private static final String SHA = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

  @ParameterizedTest
  @ValueSource(strings = {"/", "/?a=1", "/index.html", "/user.css", "/api/userdata/user.css",
    "/materialdesignicons.min.css", "/assets/index-B2rHQ9Sn.js", "/assets/manifest-P9przInP.json",
    "/assets/images/favicon_progress_16x16/frame_9.png", "/scripts/app.js", "/scripts/ui/components/button.js",
    "/lib/litegraph.core.js", "/fonts/inter-latin-normal.woff2", "/cursor/paintBucket.png",
    "/extensions/core/load3d/three.module.js", "/extensions/ComfyUI-%E6%8F%92%E4%BB%B6/web/a%20b.js",
    "/extensions/pack/docs/Node/zh.md", "/templates/index.json", "/templates/image-1.webp", "/docs/KSampler/en.md",
    "/api/workflow_templates/pack/flow.json", "/_anteroom/config.json",
    "/prompt", "/api/prompt", "/queue", "/api/queue", "/history?max_items=64", "/api/history/" + ID,
    "/api/jobs?status=completed&limit=200", "/api/jobs/" + ID, "/api/api/jobs", "/api/object_info", "/api/extensions",
    "/api/embeddings", "/api/system_stats", "/api/features", "/api/users", "/api/settings",
    "/api/settings/Comfy.Queue.MaxHistoryItems", "/api/i18n", "/api/node_replacements", "/api/models",
    "/models/checkpoints", "/api/experiment/models", "/api/experiment/models/loras",
    "/api/experiment/models/preview/loras/0/sub/a.safetensors", "/view?filename=a.png", "/api/view?filename=a.png",
    "/api/view_metadata/loras?filename=a.safetensors", "/api/global_subgraphs", "/api/global_subgraphs/" + SHA,
    "/api/workflow_templates", "/api/userdata?dir=workflows&recurse=true", "/api/v2/userdata?path=workflows",
    "/api/userdata/workflows%2Fa%20b.json", "/api/userdata/comfy.templates.json",
    "/api/userdata/workflows%2F.index.json",
    "/api/assets?include_tags=output", "/api/assets/" + ID, "/api/assets/" + ID + "/content", "/api/tags"})
  void whatThePageReadsInOrderToBeShownIsAllowed(String uri) {
    assertThat(ReadOnlyAccess.isShown(new RawUri(uri))).isTrue();
  }

  /** Custom nodes change things on GET, also below ComfyUI's own names. */
  @Attack(22)
  @ParameterizedTest
  @ValueSource(strings = {"/history/clear", "/api/history/clear", "/history/" + ID + "/delete", "/history/",
    "/api/jobs/clear", "/jobs/x/cancel", "/api/jobs/" + ID + "/cancel", "/api/jobs/cancel", "/jobs", "/jobs/" + ID,
    "/userdata/x/move/y", "/api/userdata/x/move/y.json", "/userdata/workflows/a.json", "/userdata/reset",
    "/v2/userdata/reset", "/templates/run", "/templates/x/run", "/lib/run", "/scripts/run", "/fonts/reload",
    "/cursor/x", "/docs/rebuild", "/assets/run", "/assets/x/run", "/extensions/pack/run",
    "/extensions/pack/reload?x=a.js",
    "/extensions/pack/run;a.js", "/extensions/pack/run%3Fa.js", "/extensions/pack/reload/", "/reboot.js",
    "/reboot.html",
    "/anything.json", "/restart.css", "/ws", "/api/ws", "/object_info/refresh", "/object_info/KSampler/reload",
    "/models/download", "/models/loras/download", "/experiment/models/scan", "/experiment/models/loras/scan",
    "/experiment/models/preview/loras/x/a.png", "/embeddings/refresh", "/settings/reset", "/settings/Comfy.X/reset",
    "/users/delete", "/features/toggle", "/system_stats/reset", "/view/clear", "/view_metadata/reset",
    "/view_metadata/loras/reset", "/i18n/reload", "/global_subgraphs/reload", "/global_subgraphs/" + SHA + "/delete",
    "/node_replacements/reload", "/workflow_templates/install", "/workflow_templates/pack/install",
    "/api/workflow_templates/pack/install", "/queue/clear", "/prompt/run", "/extensions/reload", "/api/assets/prune",
    "/api/assets/seed", "/api/assets/" + ID + "/delete", "/api/assets/download", "/api/tags/prune", "/assets/prune",
    "/manager/reboot", "/api//history", "//history", "/internal/logs", "/internal/files/output", "/API/queue",
    "/history%2Fclear", "/_anteroom"})
  void whateverElseACustomNodeMayHaveIsNot(String uri) {
    assertThat(ReadOnlyAccess.isShown(new RawUri(uri))).isFalse();
  }
}
