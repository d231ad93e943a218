package io.anteroom.queueapi.validation;

import io.anteroom.comfy.objectinfo.NodeClasses.NodeClass;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What is known of node classes beyond what an instance says of them: whether they judge their inputs themselves
 * ({@code VALIDATE_INPUTS}), which no answer of ComfyUI's shows.
 */
final class BuiltInNodes {
  private static final String CORE = "nodes";
  private static final String CORE_EXTRAS = "comfy_extras.";

  /**
   * Of ComfyUI's own: types are plain texts, choices are lists, and they leave the judgement of their values to
   * ComfyUI. Missing are those that do not, such as {@code LoadImage}; one that is missing is judged less, never
   * wrongly.
   */
  private static final Set<String> PLAIN = Set.of(
    "KSampler", "KSamplerAdvanced", "CheckpointLoaderSimple", "CheckpointLoader", "unCLIPCheckpointLoader",
    "CLIPTextEncode", "CLIPSetLastLayer", "CLIPLoader", "DualCLIPLoader", "CLIPVisionLoader", "CLIPVisionEncode",
    "VAEDecode", "VAEDecodeTiled", "VAEEncode", "VAEEncodeTiled", "VAEEncodeForInpaint", "VAELoader",
    "UNETLoader", "LoraLoader", "LoraLoaderModelOnly", "StyleModelLoader", "StyleModelApply", "GLIGENLoader",
    "GLIGENTextBoxApply", "ControlNetLoader", "DiffControlNetLoader", "ControlNetApply", "ControlNetApplyAdvanced",
    "InpaintModelConditioning", "unCLIPConditioning", "ConditioningAverage", "ConditioningCombine",
    "ConditioningConcat", "ConditioningSetArea", "ConditioningSetAreaPercentage", "ConditioningSetAreaStrength",
    "ConditioningSetMask", "ConditioningZeroOut", "ConditioningSetTimestepRange",
    "EmptyLatentImage", "SetLatentNoiseMask", "LatentUpscale", "LatentUpscaleBy", "LatentFromBatch",
    "RepeatLatentBatch", "LatentComposite", "LatentBlend", "LatentRotate", "LatentFlip", "LatentCrop", "SaveLatent",
    "EmptyImage", "SaveImage", "PreviewImage", "ImageScale", "ImageScaleBy", "ImageInvert", "ImageBatch",
    "ImagePadForOutpaint");

  /** Parts of the names of packs that change workflows after they were sent and before they are judged. */
  private static final List<String> REWRITING = List.of("impact", "inspire", "easy-use", "easyuse", "nodesglobal",
    "prompt-control", "prompt_control", "prompt_studio", "wildcard", "preset");

  private BuiltInNodes() {
  }

  /** Whether ComfyUI alone judges the values that it is given. */
  static boolean isPlain(NodeClass nodeClass) {
    return PLAIN.contains(nodeClass.name()) && isCore(nodeClass);
  }

  /** Whether its pack may turn a bad workflow into a good one before ComfyUI looks at it. */
  static boolean mayRewrite(NodeClass nodeClass) {
    String module = nodeClass.module().toLowerCase(Locale.ROOT);
    return !isCore(nodeClass) && REWRITING.stream().anyMatch(module::contains);
  }

  private static boolean isCore(NodeClass nodeClass) {
    return nodeClass.module().equals(CORE) || nodeClass.module().startsWith(CORE_EXTRAS);
  }
}
