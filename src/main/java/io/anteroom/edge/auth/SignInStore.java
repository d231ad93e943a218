package io.anteroom.edge.auth;

import io.anteroom.signin.SignIns;
import java.util.function.Supplier;

/**
 * What all edges of a node know of who may sign in and who has.
 *
 * @param passwords what the file of passwords says now; asked only where one signs in by it
 */
public record SignInStore(SignIns signIns, Supplier<PasswordFile> passwords) {
}
