package io.anteroom.net;

import io.netty.util.NetUtil;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A CIDR range such as {@code 10.1.2.0/24}, or a single address. Never resolves names.
 *
 * @param first the lowest address
 * @param bits  the prefix length
 */
public record CidrRange(InetAddress first, int bits) {
  private static final Pattern WITH_BITS = Pattern.compile("([^/]+)/(\\d{1,3})");

  public CidrRange {
    if (bits < 0 || bits > length(first) || !rest(number(first), length(first), bits).equals(BigInteger.ZERO)) {
      throw new IllegalArgumentException("%s does not begin a range of %d bits".formatted(first, bits));
    }
  }

  /** Parses a range; empty if the text is not one, or if the address is not the lowest one in it. */
  public static Optional<CidrRange> of(String text) {
    Matcher matcher = WITH_BITS.matcher(text);
    try {
      return matcher.matches()
        ? address(matcher.group(1)).map(first -> new CidrRange(first, Integer.parseInt(matcher.group(2))))
        : address(text).map(single -> new CidrRange(single, length(single)));
    } catch (IllegalArgumentException noRange) {
      return Optional.empty();
    }
  }

  /** Parses an IPv4 or IPv6 address; an IPv4-mapped IPv6 address becomes the IPv4 address. */
  public static Optional<InetAddress> address(String text) {
    byte[] bytes = NetUtil.createByteArrayFromIpAddressString(text);
    try {
      return bytes == null ? Optional.empty() : Optional.of(InetAddress.getByAddress(bytes));
    } catch (UnknownHostException impossible) {
      throw new IllegalStateException("an address has 4 or 16 bytes", impossible);
    }
  }

  public boolean contains(InetAddress address) {
    int length = length(first);
    return length == length(address)
      && number(address).shiftRight(length - bits).equals(number(first).shiftRight(length - bits));
  }

  @Override
  public String toString() {
    return bits == length(first) ? first.getHostAddress() : first.getHostAddress() + "/" + bits;
  }

  private static int length(InetAddress address) {
    return address.getAddress().length * Byte.SIZE;
  }

  private static BigInteger number(InetAddress address) {
    return new BigInteger(1, address.getAddress());
  }

  private static BigInteger rest(BigInteger number, int length, int bits) {
    return number.mod(BigInteger.ONE.shiftLeft(length - bits));
  }
}
