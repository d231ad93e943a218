package io.anteroom.queueapi.validation;

import io.anteroom.comfy.objectinfo.NodeClasses.NodeClass;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Facts about node classes that no response of ComfyUI contains: whether they validate their inputs themselves
 * ({@code VALIDATE_INPUTS}).
 */
final class BuiltInNodes {
  private static final String CORE = "nodes";
  private static final String CORE_EXTRAS = "comfy_extras.";

  /**
   * ComfyUI's own classes with plain types and lists of choices that leave validation to ComfyUI. Those with their own,
   * such as {@code LoadImage}, are not listed; a missing class is validated less, never wrongly.
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

  /** Parts of the names of packs that rewrite workflows before ComfyUI validates them. */
  private static final List<String> REWRITING = List.of("impact", "inspire", "easy-use", "easyuse", "nodesglobal",
    "prompt-control", "prompt_control", "prompt_studio", "wildcard", "preset");

  private BuiltInNodes() {
  }

  /** Whether only ComfyUI validates its values. */
  static boolean isPlain(NodeClass nodeClass) {
    return PLAIN.contains(nodeClass.name()) && isCore(nodeClass);
  }

  /** Whether its pack may make an invalid workflow valid before ComfyUI validates it. */
  static boolean mayRewrite(NodeClass nodeClass) {
    String module = nodeClass.module().toLowerCase(Locale.ROOT);
    return !isCore(nodeClass) && REWRITING.stream().anyMatch(module::contains);
  }

  private static boolean isCore(NodeClass nodeClass) {
    return nodeClass.module().equals(CORE) || nodeClass.module().startsWith(CORE_EXTRAS);
  }
}
