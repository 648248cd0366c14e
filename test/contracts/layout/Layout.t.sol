// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {AssetStatus, Cfg, Population} from "../../../contracts/types/AssetTypes.sol";
import {ConsentSlot, Grant, Revocation} from "../../../contracts/types/ConsentTypes.sol";
import {Cancellation, Mandate, MandateStatus} from "../../../contracts/types/MandateTypes.sol";
import {Attestation, AttestationRevocation, Issuer} from "../../../contracts/types/DataUseTypes.sol";
import {
    Acceptance,
    Failure,
    Order,
    OrderState,
    OrderStatus,
    Receipt,
    ReleaseReport
} from "../../../contracts/types/OrderTypes.sol";
import {Gateway, GatewayStatus} from "../../../contracts/types/GatewayTypes.sol";
import {Digests} from "../support/Digests.sol";
import {Orders} from "../support/Orders.sol";

/// @notice How wide what is stored is, and that what is signed is typed as wallets see it.
contract LayoutTest is Orders {
    Cfg internal a;
    uint256 internal afterCfg;
    OrderStatus internal b;
    uint256 internal afterStatus;
    ConsentSlot internal c;
    uint256 internal afterConsent;
    Population internal d;
    uint256 internal afterPopulation;
    Issuer internal issuer;
    uint256 internal afterIssuer;
    Gateway internal e;
    MandateStatus internal h;
    uint256 internal afterMandate;

    function test_OneSlotEach() public pure {
        uint256 slots;
        assembly {
            slots := sub(afterCfg.slot, a.slot)
        }
        assertEq(slots, 1, "Cfg");
        assembly {
            slots := sub(afterStatus.slot, b.slot)
        }
        assertEq(slots, 1, "OrderStatus");
        assembly {
            slots := sub(afterConsent.slot, c.slot)
        }
        assertEq(slots, 1, "ConsentSlot");
        assembly {
            slots := sub(afterPopulation.slot, d.slot)
        }
        assertEq(slots, 1, "Population");
        assembly {
            slots := sub(afterMandate.slot, h.slot)
        }
        assertEq(slots, 1, "MandateStatus");
        assembly {
            slots := sub(afterIssuer.slot, issuer.slot)
        }
        assertEq(slots, 1, "Issuer");
    }

    /// @dev What is read with every signature lies in one slot.
    function test_SignerAndStatusShareASlot() public {
        e = Gateway(address(type(uint160).max), GatewayStatus.Removed, address(0), 0);
        bytes32 place;
        assembly {
            place := e.slot
        }
        uint256 expected = (uint256(GatewayStatus.Removed) << 160) | type(uint160).max;
        assertEq(uint256(vm.load(address(this), place)), expected);
    }

    /// @dev Neighbours in a slot keep apart at their extremes.
    function test_CfgKeepsExtremes() public {
        a = Cfg(
            type(uint80).max,
            type(uint16).max,
            type(uint24).max,
            type(uint16).max,
            type(uint16).max,
            type(uint16).max,
            type(uint8).max,
            AssetStatus.Delisted,
            type(uint16).max,
            type(uint32).max,
            type(uint24).max
        );
        a.price = 1;
        a.versions = 2;
        assertEq(a.token, type(uint16).max);
        assertEq(a.count, type(uint32).max);
        assertEq(uint256(a.status), uint256(AssetStatus.Delisted));
        assertEq(afterCfg, 0);
    }

    function test_ConsentSlotIsFull() public {
        c = ConsentSlot(
            type(uint128).max,
            type(uint40).max,
            type(uint8).max,
            type(uint40).max,
            type(uint40).max
        );
        bytes32 place;
        assembly {
            place := c.slot
        }
        assertEq(vm.load(address(this), place), bytes32(type(uint256).max));
    }

    function test_StatusKeepsExtremes() public {
        b = OrderStatus(
            OrderState.Refunded,
            true,
            1_000,
            type(uint40).max,
            type(uint32).max,
            type(uint32).max
        );
        b.released = 1;
        assertEq(b.cohort, type(uint32).max);
        assertEq(b.feeBps, 1_000);
        assertEq(uint256(b.state), uint256(OrderState.Refunded));
    }

    /*//////////////////////////////////////////////////////////////
                             WHAT IS SIGNED
    //////////////////////////////////////////////////////////////*/

    /// @dev Three ways to one digest: the contract's, the one written out here, and the runner's from the syntax tree.
    function check(
        string memory name,
        bytes memory data,
        string memory domain,
        address verifier,
        bytes32 written,
        bytes32 contracts
    ) private view {
        bytes32 derived = Digests.typed(Digests.domain(domain, verifier), vm.eip712HashStruct(name, data));
        assertEq(contracts, written, name);
        assertEq(contracts, derived, name);
    }

    function checkEscrow(
        string memory name,
        bytes memory data,
        bytes32 written,
        bytes32 contracts
    ) private view {
        check(name, data, "Salus AccessEscrow", address(escrow), written, contracts);
    }

    function checkConsent(
        string memory name,
        bytes memory data,
        bytes32 written,
        bytes32 contracts
    ) private view {
        check(name, data, "Salus ConsentRegistry", address(consent), written, contracts);
    }

    function test_OrdersAreTyped() public view {
        Order memory o = download();
        checkEscrow("Order", abi.encode(o), idOf(o), escrow.hashOrder(o));
    }

    function test_ReceiptsAreTyped() public view {
        Receipt memory r = receipt(analysis());
        checkEscrow("Receipt", abi.encode(r), Digests.receipt(r, address(escrow)), escrow.hashReceipt(r));
    }

    function test_FailuresAreTyped() public view {
        Failure memory f = failure(analysis());
        checkEscrow("Failure", abi.encode(f), Digests.failure(f, address(escrow)), escrow.hashFailure(f));
    }

    function test_ReportsAreTyped() public view {
        ReleaseReport memory r = ReleaseReport(keccak256("order"), 5, keccak256("root"));
        checkEscrow("ReleaseReport", abi.encode(r), Digests.report(r, address(escrow)), escrow.hashReport(r));
    }

    function test_AcceptancesAreTyped() public view {
        Acceptance memory acceptance = Acceptance(keccak256("order"));
        checkEscrow(
            "Acceptance",
            abi.encode(acceptance),
            Digests.acceptance(acceptance.order, address(escrow)),
            escrow.hashAcceptance(acceptance)
        );
    }

    function checkMandates(
        string memory name,
        bytes memory data,
        bytes32 written,
        bytes32 contracts
    ) private view {
        check(name, data, "Salus Mandates", address(mandates), written, contracts);
    }

    function test_MandatesAreTyped() public view {
        Mandate memory m = mandate(bytes32("typed"));
        checkMandates(
            "Mandate",
            abi.encode(m),
            Digests.mandate(m, address(mandates)),
            mandates.hashMandate(m)
        );
    }

    function test_CancellationsAreTyped() public view {
        Cancellation memory ended = Cancellation(keccak256("mandate"));
        checkMandates(
            "Cancellation",
            abi.encode(ended),
            Digests.cancellation(ended.mandate, address(mandates)),
            mandates.hashCancellation(ended)
        );
    }

    function test_GrantsAreTyped() public view {
        Grant memory g = Grant(dataset, buyer, 2, 3, 4, 5);
        checkConsent("Grant", abi.encode(g), Digests.grant(g, address(consent)), consent.hashGrant(g));
    }

    function test_AttestationsAreTyped() public view {
        Attestation memory attested = Attestation(
            11,
            buyer,
            curator,
            dataset,
            3,
            276,
            keccak256("d"),
            keccak256("p"),
            9,
            keccak256("s")
        );
        check(
            "Attestation",
            abi.encode(attested),
            "Salus DataUseAuthority",
            address(dataUse),
            Digests.attestation(attested, address(dataUse)),
            dataUse.hashAttestation(attested)
        );
        AttestationRevocation memory r = AttestationRevocation(buyer, keccak256("a"));
        check(
            "AttestationRevocation",
            abi.encode(r),
            "Salus DataUseAuthority",
            address(dataUse),
            Digests.attestationRevocation(r, address(dataUse)),
            dataUse.hashRevocation(r)
        );
    }

    function test_RevocationsAreTyped() public view {
        Revocation memory r = Revocation(dataset, buyer, 5);
        checkConsent(
            "Revocation",
            abi.encode(r),
            Digests.revocation(r, address(consent)),
            consent.hashRevocation(r)
        );
    }
}
