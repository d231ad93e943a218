package io.anteroom.comfy.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anteroom.attack.Attack;
import io.anteroom.comfy.json.ResponseBudget.Account;
import io.anteroom.comfy.protocol.ComfyException;
import io.anteroom.task.ApiException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** All that is read of instances has one bound, of which each reader has a share. */
class ResponseBudgetTest {
  private final ResponseBudget budget = new ResponseBudget(1_200);

  @Attack(30)
  @ParameterizedTest
  @CsvSource({"1, 600", "2, 400", "3, 300", "5, 200"})
  void whoReadsWithoutEndGetsAShareAndLeavesOne(int readers, int share) {
    List<Account> accounts = new ArrayList<>();
    for (int i = 0; i < readers; i++) {
      accounts.add(budget.open("reader" + i));
    }

    for (int round = 0; round < 200; round++) {
      accounts.forEach(account -> takes(account, 10));
    }

    assertThat(budget.taken()).isBetween((share - 10L) * readers, (long) share * readers);
    assertThat(takes(budget.open("late"), 100)).isTrue();
  }

  @Attack(30)
  @Test
  void allReadingsOfOneReaderCountTogether() {
    assertThat(takes(budget.open("ann"), 400)).isTrue();

    assertThatThrownBy(() -> budget.open("ann").take(500)).isInstanceOfSatisfying(ApiException.class, refusal -> {
      assertThat(refusal.code()).isEqualTo(ApiException.Code.BUSY);
      assertThat(refusal.english()).contains("ann", "900 bytes", "1200 bytes");
      assertThat(refusal.chinese()).contains("ann", "900", "1200");
    });
  }

  @Test
  void whatIsClosedGivesAllBackOnce() {
    Account account = budget.open("ann");
    account.take(400);
    account.take(100);

    account.close();
    account.close();

    assertThat(budget.taken()).isZero();
    assertThatThrownBy(() -> account.take(1)).isInstanceOf(ComfyException.class);
  }

  private static boolean takes(Account account, long bytes) {
    try {
      account.take(bytes);
      return true;
    } catch (ApiException full) {
      return false;
    }
  }
}
