package io.anteroom.edge.proxy;

import io.anteroom.comfy.http.AnswerBudget;
import io.anteroom.directory.Instance;
import java.util.function.Consumer;

/**
 * Whose panel asks.
 *
 * @param home    the instance whose page the student sees
 * @param shared  whether others run on that instance too, so that only what is known to be the student's may be told
 * @param account on which answers of instances are read for this one request
 * @param leftOut told each instance without which the request is answered
 */
public record Visit(
    String user, Instance home, boolean shared, AnswerBudget.Account account, Consumer<Instance> leftOut) {
  /** Under which name this request counts: a viewer uses up nothing of the one whose page they view. */
  public String counted() {
    return account.reader();
  }
}
