package io.anteroom.comfy;

import io.anteroom.task.Outage;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;

/**
 * Why what stands at the address of an instance cannot be used as a ComfyUI: the answer to a probe, in a word.
 *
 * @param what  what came instead
 * @param shown what can be shown of it to everybody, such as a status; empty for nothing
 */
public record NoComfy(What what, String shown) {
  /** What came in the place of ComfyUI's answer. */
  public enum What {
    /** No answer. */
    SILENT,
    /** A certificate that is not trusted here, or is not that of the address. */
    UNTRUSTED,
    /** An answer, but not ComfyUI's. */
    FOREIGN
  }

  /** Judges the failure of a question to an instance. */
  public static NoComfy of(Throwable failure) {
    if (failure instanceof ComfyException answered) {
      return new NoComfy(What.FOREIGN, answered.shown());
    }
    if (causes(failure).anyMatch(NoComfy::isOfCertificate)) {
      return new NoComfy(What.UNTRUSTED, "");
    }
    return tls(failure).map(error -> new NoComfy(What.FOREIGN, error)).orElseGet(() -> new NoComfy(What.SILENT, ""));
  }

  /** Why this instance gets no tasks. */
  public Outage outage(String instance) {
    return switch (what) {
      case SILENT -> Outage.of(Outage.Kind.SILENT, instance);
      case UNTRUSTED -> Outage.of(Outage.Kind.UNTRUSTED, instance);
      case FOREIGN -> Outage.of(Outage.Kind.FOREIGN, instance, shown);
    };
  }

  private static Optional<String> tls(Throwable failure) {
    return causes(failure).noneMatch(SSLException.class::isInstance) ? Optional.empty()
      : Optional.of(causes(failure).anyMatch(NoComfy::isPlain) ? "no TLS" : "TLS fails");
  }

  /** In the words of Netty and of Java: what came is no record of TLS. */
  private static boolean isPlain(Throwable cause) {
    String message = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
    return message.contains("not an ssl/tls record") || message.contains("unrecognized ssl message");
  }

  private static boolean isOfCertificate(Throwable cause) {
    return cause instanceof CertificateException || cause instanceof CertPathValidatorException
      || cause instanceof CertPathBuilderException;
  }

  private static Stream<Throwable> causes(Throwable failure) {
    return Stream.iterate(failure, cause -> cause != null, Throwable::getCause).limit(20);
  }
}
