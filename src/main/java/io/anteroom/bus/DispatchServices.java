package io.anteroom.bus;

/** What the verticle {@code dispatch} answers. */
public final class DispatchServices {

  /** Looks whether something may start now; answered when all that could start here has been claimed. */
  public static final Service<Void, Void> FILL =
    new Service<>(Addresses.DISPATCH_FILL, Codec.NOTHING, Codec.NOTHING);

  private DispatchServices() {
  }
}
