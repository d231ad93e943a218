package io.anteroom.config;

import java.util.regex.Pattern;

/** Tells the names and addresses that only this machine can reach. */
public final class Loopback {
  private static final Pattern NAMES = Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[?(0*:)+0*1]?");

  private Loopback() {
  }

  public static boolean is(String host) {
    return host != null && NAMES.matcher(host).matches();
  }
}
