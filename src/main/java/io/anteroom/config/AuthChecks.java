package io.anteroom.config;

import io.anteroom.config.Auth.Way;
import java.util.Locale;

/** What each way to sign in needs, so that none is open that would let in anybody or nobody. */
final class AuthChecks {
  private final Auth auth;
  private final Answers answers;

  AuthChecks(Auth auth, Answers answers) {
    this.auth = auth;
    this.answers = answers;
  }

  /** Complains to the answers. */
  void run() {
    if (auth.isOpen() && auth.ways().size() > 1) {
      answers.complain(Keys.AUTH_MODE, "right would be open alone, or the other ways without it:"
        + " open asks nobody who he is");
    }
    demand(Way.USERS, Keys.USERS_PASSWORDS, auth.passwords().isPresent(), "the file of passwords");
    checkJwt();
    demand(Way.OIDC, Keys.OIDC_ISSUER, auth.oidc().issuer().isPresent(), "the provider's issuer");
    demand(Way.OIDC, Keys.OIDC_CLIENT_ID, !auth.oidc().clientId().isEmpty(), "our id at the provider");
    demand(Way.LTI, Keys.LTI_ISSUER, auth.lti().issuer().isPresent(), "the platform's issuer");
    demand(Way.LTI, Keys.LTI_CLIENT_ID, !auth.lti().clientId().isEmpty(), "our id at the platform");
    demand(Way.LTI, Keys.LTI_LOGIN, auth.lti().login().isPresent(), "the platform's authentication address");
    demand(Way.LTI, Keys.LTI_KEYS, auth.lti().keys().isPresent(), "the address of the platform's keys");
    demand(Way.LTI, Keys.LTI_DEPLOYMENTS, !auth.lti().deployments().isEmpty(), "the deployments that may launch");
  }

  private void checkJwt() {
    Auth.Jwt jwt = auth.jwt();
    demand(Way.JWT, Keys.JWT_KEYS, jwt.keys().isPresent() || jwt.secret().isPresent(),
      "the teaching system's public keys, or %s".formatted(Keys.JWT_SECRET.key()));
    if (auth.has(Way.JWT) && jwt.keys().isPresent() && jwt.secret().isPresent()) {
      answers.complain(Keys.JWT_KEYS, "right would be either this or %s: a token must not choose by which it is checked"
        .formatted(Keys.JWT_SECRET.key()));
    }
    demand(Way.JWT, Keys.JWT_ISSUER, !jwt.issuer().isEmpty(), "what its tokens have as iss");
    demand(Way.JWT, Keys.JWT_AUDIENCE, !jwt.audience().isEmpty(), "what its tokens have as aud");
  }

  private void demand(Way way, Setting<?> setting, boolean given, String what) {
    if (auth.has(way) && !given && answers.areSound(setting)) {
      answers.complain(setting,
        "right would be %s, since auth.mode has %s".formatted(what, way.name().toLowerCase(Locale.ROOT)));
    }
  }
}
