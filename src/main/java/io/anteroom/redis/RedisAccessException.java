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

/** Why a reachable Redis refuses access, in a message for the operator who has to change a setting. Permanent. */
public final class RedisAccessException extends RuntimeException {
  private RedisAccessException(String message, Throwable cause) {
    super(message, cause);
  }

  /** Empty when the failure has another cause, for instance that Redis is away. */
  public static Optional<RedisAccessException> of(Throwable failure) {
    if (failure instanceof RedisAccessException known) {
      return Optional.of(known);
    }
    return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
      .flatMap(cause -> reason(cause).stream()).findFirst()
      .map(reason -> new RedisAccessException(reason, failure));
  }

  /** Fails for a replica, by its reply to ROLE; a Redis that does not reveal its role passes. */
  static Future<Void> ofReplica(Future<Response> role) {
    return role.map(RedisAccessException::isReplica).otherwise(false).compose(replica -> replica
      ? Future.failedFuture(new RedisAccessException("redis.url: " + RedisErrorReply.READ_ONLY.remedy(), null))
      : Future.succeededFuture());
  }

  private static boolean isReplica(Response role) {
    return role.size() > 0 && "slave".equals(role.get(0).toString());
  }

  /** Fails when Redis refuses access; false when it does not reply now. */
  static Future<Boolean> orAway(Throwable failure) {
    return of(failure).map(Future::<Boolean>failedFuture).orElseGet(() -> Future.succeededFuture(false));
  }

  private static Optional<String> reason(Throwable cause) {
    String said = String.valueOf(cause.getMessage());
    if (cause instanceof ErrorType error) {
      return password(error, said);
    }
    if (cause instanceof CertPathBuilderException) {
      return Optional.of("redis.tls.ca: Redis presents a certificate of an authority that is not trusted here;"
        + " expected the PEM file of the authority that issued it");
    }
    if (cause instanceof CertificateException && said.contains("No ")) {
      return Optional.of("redis.url: the certificate of Redis is not valid for the host in the URL"
        + " (%s); expected a name or address of the certificate".formatted(said));
    }
    if (cause instanceof CertPathValidatorException) {
      return Optional.of("redis.url: the certificate of Redis is not valid (%s); expected a renewed certificate"
        .formatted(said));
    }
    return cause instanceof SSLException && said.contains("fatal alert")
      ? Optional.of("redis.tls.cert: Redis does not accept the certificate of this node (%s); expected one that the"
        .formatted(said) + " authority in its tls-ca-cert-file has issued")
      : Optional.empty();
  }

  private static Optional<String> password(ErrorType error, String said) {
    if (error.is("WRONGPASS")) {
      return Optional.of("redis.url: Redis does not accept the user or the password in it (%s)".formatted(said));
    }
    return error.is("NOAUTH")
      ? Optional.of("redis.url: Redis requires a password; expected redis://:password@host:port")
      : Optional.empty();
  }
}
