// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

enum GatewayStatus {
    None,
    Active,
    Removed
}

/// @notice A gateway, run by an institution. Signer and status share a slot: both are read with every signature.
/// @param signer Key that signs receipts, failures and reports
/// @param status Whether its signatures count
/// @param operator Account of the institution: may list under the gateway's custody and change its address
/// @param sealingKey X25519 public key to which key shares are sealed (RFC 9180)
struct Gateway {
    address signer;
    GatewayStatus status;
    address operator;
    bytes32 sealingKey;
}
