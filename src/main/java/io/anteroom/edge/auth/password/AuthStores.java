package io.anteroom.edge.auth.password;

import io.anteroom.identity.SignInStore;
import java.util.function.Supplier;

/**
 * The stores of sign-ins and passwords, shared by all edges of a node.
 *
 * @param passwords the current file of passwords; read only where it is a way to sign in
 */
public record AuthStores(SignInStore signIns, Supplier<PasswordFile> passwords) {
}
