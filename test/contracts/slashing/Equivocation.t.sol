// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {ISlashing, Offence} from "../../../contracts/interfaces/ISlashing.sol";
import {Errors} from "../../../contracts/libraries/Errors.sol";
import {Checkpoint} from "../../../contracts/types/LogTypes.sol";
import {Digests} from "../support/Digests.sol";
import {SlashingTest} from "./SlashingTest.sol";

contract EquivocationTest is SlashingTest {
    function prove(address reporter) private {
        Checkpoint memory a = Checkpoint(1, 7, keccak256("one log"));
        Checkpoint memory b = Checkpoint(1, 7, keccak256("another log"));
        bytes memory x = signature(SIGNER_KEY + 1, Digests.checkpoint(a, address(logs)));
        bytes memory y = signature(SIGNER_KEY + 1, Digests.checkpoint(b, address(logs)));
        logs.proveEquivocation(a, x, b, y, reporter);
    }

    function test_FalseAccusation_OfAnEquivocationThatWasNotProven() public {
        prove(stranger);
        bytes4 err = Errors.Slashing_NotProven.selector;
        expectError(abi.encodeWithSelector(err, 1, 8));
        slashing.reportEquivocation(1, 8);
        expectError(abi.encodeWithSelector(err, 2, 7));
        slashing.reportEquivocation(2, 7);
        assertUnpunished();
    }

    function test_ReportsEquivocation() public {
        prove(stranger);
        bytes32 id = slashing.equivocationId(1, 7);
        vm.expectEmit(address(slashing));
        emit ISlashing.Slashed(1, Offence.Equivocation, id, stranger, 501, 100);
        // Whoever passes it on, the reward is that of who proved it.
        vm.prank(buyer);
        assertEq(slashing.reportEquivocation(1, 7), 501);
        assertPunished(id, stranger);
        assertEq(payouts.creditOf(address(dollar), buyer), 0);
    }

    function test_ReportEquivocation_RevertGiven_Punished() public {
        prove(stranger);
        slashing.reportEquivocation(1, 7);
        bytes32 id = slashing.equivocationId(1, 7);
        expectError(abi.encodeWithSelector(Errors.Slashing_AlreadyPunished.selector, id));
        slashing.reportEquivocation(1, 7);
    }
}
