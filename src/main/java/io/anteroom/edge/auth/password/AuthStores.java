package io.anteroom.edge.auth.password;

import io.anteroom.identity.SignInStore;
import java.util.function.Supplier;

/**
 * What all edges of a node know of who may sign in and who has.
 *
 * @param passwords what the file of passwords says now; asked only where one signs in by it
 */
public record AuthStores(SignInStore signIns, Supplier<PasswordFile> passwords) {
}
