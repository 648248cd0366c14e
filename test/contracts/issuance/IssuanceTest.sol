// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Issuance} from "../../../contracts/governance/Issuance.sol";
import {SalusToken} from "../../../contracts/governance/SalusToken.sol";
import {IssuedParts} from "../../../contracts/types/IssuanceTypes.sol";
import {Order, OrderKind, Receipt} from "../../../contracts/types/OrderTypes.sol";
import {Models} from "../support/Models.sol";

/// @title IssuanceTest
/// @notice Ten million tokens, a floor of ten cents. An order of 100 dollars pays a fee of 2.50: 25 tokens.
abstract contract IssuanceTest is Models {
    uint256 internal constant SUPPLY = 10_000_000e18;
    uint256 internal constant HUNDREDTH = SUPPLY / 100;
    uint128 internal constant FLOOR = 100_000;
    uint256 internal constant MONTH = 30 days;
    uint256 internal constant YEAR = 365 days;
    uint256 internal constant ORDER_FEE = 2_500_000;

    Issuance internal issuance;
    SalusToken internal salus;
    address internal holder = address(0x401D);
    uint256 internal begun;

    function setUp() public virtual override {
        super.setUp();
        begun = block.timestamp;
        issuance = newIssuance(FLOOR);
        salus = issuance.token();
    }

    function newIssuance(uint128 floor) internal returns (Issuance) {
        (address[] memory holders, uint256[] memory amounts) = genesis(SUPPLY);
        return new Issuance(address(manager), escrow, IERC20(address(dollar)), floor, holders, amounts);
    }

    function genesis(
        uint256 amount
    ) internal view returns (address[] memory holders, uint256[] memory amounts) {
        holders = new address[](1);
        amounts = new uint256[](1);
        (holders[0], amounts[0]) = (holder, amount);
    }

    /// @dev Moves into an epoch, so many seconds after its beginning.
    function into(uint256 epoch, uint256 seconds_) internal {
        vm.warp(begun + epoch * MONTH + seconds_);
    }

    function paid(bytes32 salt) internal returns (Order memory) {
        return settled(order(OrderKind.Analysis, salt));
    }

    function registered(bytes32 salt) internal returns (Order memory o) {
        o = paid(salt);
        issuance.register(o);
    }

    /// @dev A use of a model touches nobody's data, so it costs no privacy.
    function used(uint256 model) internal returns (Order memory o) {
        o = funded(orderOf(model, OrderKind.ModelUse, "use"));
        Receipt memory r = receipt(o);
        r.privacyCost = 0;
        escrow.deliver(o, r, signed(r, 1, 2));
        passDispute();
        escrow.settle(o);
    }

    function mintAfterAYear(Order memory o, uint256 epoch) internal returns (IssuedParts memory) {
        vm.warp(begun + (epoch + 1) * MONTH + YEAR);
        return issuance.mint(o);
    }

    function sum(IssuedParts memory p) internal pure returns (uint256) {
        return p.custodian + p.curator + p.pot;
    }

    function price(uint80 to) internal {
        vm.prank(curator);
        assets.setPrice(dataset, to);
    }
}
