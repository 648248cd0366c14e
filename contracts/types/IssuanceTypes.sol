// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @notice Thirty days of fees, in two slots.
/// @param fees Fees of all registered orders that were settled in it, in the reference token's smallest unit
/// @param price What a whole Salus token (10¹⁸) costs in it, in the same unit; zero until the epoch is closed
/// @param cap The most that is issued for it, in 10⁻¹⁸ tokens: a hundredth of the supply when it was closed
struct IssuanceEpoch {
    uint128 fees;
    uint128 price;
    uint256 cap;
}

/// @notice What an order is entitled to, fixed when it is registered, in two slots.
/// @param custodian Operator of the order's custodian then
/// @param fee What the commons received for the order, in the reference token's smallest unit; zero if not registered
/// @param curator Owner of the order's asset then
/// @param epoch Number of the epoch in which the order was settled
/// @param minted Whether its tokens exist
struct Entitlement {
    address custodian;
    uint96 fee;
    address curator;
    uint32 epoch;
    bool minted;
}

/// @notice Tokens of one order, in 10⁻¹⁸, divided like its price.
struct IssuedParts {
    uint256 custodian;
    uint256 curator;
    uint256 pot;
}
