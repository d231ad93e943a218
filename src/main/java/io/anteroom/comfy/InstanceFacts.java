package io.anteroom.comfy;

import java.time.Duration;
import java.util.List;

/**
 * What an instance showed of itself when it was looked over.
 *
 * @param took                 how long it took to answer the first question
 * @param version              ComfyUI's; empty when it does not say
 * @param refusesForeignOrigin it answers 403 to a page of another address
 * @param queueReadable        {@code /queue} has ComfyUI's shape
 * @param refusal              what it said to a workflow of nothing
 * @param page                 what students would see
 * @param guard                the guard in it, and what it makes of our secret
 * @param switches             of its command line, as far as they concern students
 * @param objectInfo           what its list of node classes costs
 */
public record InstanceFacts(
    Duration took, String version, List<Device> devices, boolean refusesForeignOrigin, boolean queueReadable,
    Refused refusal, Page page, Guard guard, Switches switches, ObjectInfo objectInfo) {

  /** Whether {@code --enable-assets} is in force, which newer releases have by default, and {@code --multi-user}. */
  public record Switches(boolean assets, boolean multiUser) {
  }

  /** How long {@code GET /object_info} took and how many bytes came; {@code whole} is false when it did not end. */
  public record ObjectInfo(Duration took, long bytes, boolean whole) {
  }

  /** What it computes with. {@code vram} in bytes, 0 when it does not say. */
  public record Device(String name, String type, long vram) {
  }

  /** The answer to a workflow of nothing: status and ComfyUI's word for the error. */
  public record Refused(int status, String type) {
  }

  /**
   * The guard, or its absence.
   *
   * @param journalKept what it notes reaches the disk
   * @param wantsProof  it has a secret, and takes nobody's runs who does not know it
   * @param proofGiven  we have one
   * @param proofTaken  it does not refuse us: the secrets are the same, or it has none
   */
  public record Guard(boolean there, boolean journalKept, boolean wantsProof, boolean proofGiven, boolean proofTaken) {
  }

  /** The answer to {@code GET /}. {@code hasHead}: the script can be put in. */
  public record Page(int status, String mediaType, boolean hasHead) {
  }
}
