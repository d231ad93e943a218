package io.anteroom.redis;

import io.vertx.core.Future;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.impl.types.ErrorType;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;

/** Why a Redis that is there does not let us in, in words for who has to change a setting; waiting is of no use. */
public final class RedisAccessException extends RuntimeException {
  private RedisAccessException(String message, Throwable cause) {
    super(message, cause);
  }

  /** Empty when the failure says nothing of the kind, as when Redis is away. */
  public static Optional<RedisAccessException> of(Throwable failure) {
    if (failure instanceof RedisAccessException known) {
      return Optional.of(known);
    }
    return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
      .flatMap(cause -> reason(cause).stream()).findFirst()
      .map(reason -> new RedisAccessException(reason, failure));
  }

  /** Refuses a replica, by what it answers to ROLE; one that does not say what it is passes. */
  static Future<Void> ofReplica(Future<Response> role) {
    return role.map(RedisAccessException::isReplica).otherwise(false).compose(replica -> replica
      ? Future.failedFuture(new RedisAccessException("redis.url: " + RedisErrorReply.READ_ONLY.remedy(), null))
      : Future.succeededFuture());
  }

  private static boolean isReplica(Response role) {
    return role.size() > 0 && "slave".equals(role.get(0).toString());
  }

  /** The refusal, or that Redis does not answer now. */
  static Future<Boolean> orAway(Throwable failure) {
    return of(failure).map(Future::<Boolean>failedFuture).orElseGet(() -> Future.succeededFuture(false));
  }

  private static Optional<String> reason(Throwable cause) {
    String said = String.valueOf(cause.getMessage());
    if (cause instanceof ErrorType error) {
      return password(error, said);
    }
    if (cause instanceof CertPathBuilderException) {
      return Optional.of("redis.tls.ca: Redis shows a certificate of an authority that is not believed here;"
        + " right would be the PEM file of the one who issued it");
    }
    if (cause instanceof CertificateException && said.contains("No ")) {
      return Optional.of("redis.url: the certificate that Redis shows is not for the name or address by which it is"
        + " called (%s); right would be one of those in the certificate".formatted(said));
    }
    if (cause instanceof CertPathValidatorException) {
      return Optional.of("redis.url: the certificate that Redis shows is not valid (%s); right would be a renewed one"
        .formatted(said));
    }
    return cause instanceof SSLException && said.contains("fatal alert")
      ? Optional.of("redis.tls.cert: Redis does not take what this node shows (%s); right would be a certificate that"
        .formatted(said) + " its tls-ca-cert-file has issued")
      : Optional.empty();
  }

  private static Optional<String> password(ErrorType error, String said) {
    if (error.is("WRONGPASS")) {
      return Optional.of("redis.url: Redis does not take the user or the password in it (%s)".formatted(said));
    }
    return error.is("NOAUTH")
      ? Optional.of("redis.url: Redis wants a password, and none is in it; right would be redis://:password@host:port")
      : Optional.empty();
  }
}
