// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

enum ChannelState {
    None,
    Open,
    Closed
}

/// @notice The fixed part of a usage channel. Its EIP-712 digest, bound to chain and contract, is the channel's id.
/// All members are static, so `abi.encode(TYPEHASH, channel)` is EIP-712's `encodeData`.
/// @param payer Who prepays, signs vouchers and gets back what is not used
/// @param salt Chosen by the payer, for several channels on one model
/// @param asset The model
/// @param version Its version at opening: every call runs this one
/// @param uses Declared uses, as in an order; so are `country`, `disease` and `project`
/// @param termsHash The model's terms, which opening agrees to
/// @param token Index of the model's token
/// @param price Price of one call at opening; it stays for the life of the channel
/// @param feeBps Protocol fee in force at opening, on top of what vouchers say
/// @param custodianBps Custodian's share of what vouchers say
/// @param curatorBps Curator's share
/// @param custodian Gateway that runs the model and claims
/// @param until Unix time after which no further call is made
/// @param deposit What is paid in at opening, fee included
struct Channel {
    address payer;
    bytes32 salt;
    uint256 asset;
    uint16 version;
    uint128 uses;
    uint16 country;
    bytes32 disease;
    bytes32 project;
    bytes32 termsHash;
    uint16 token;
    uint80 price;
    uint16 feeBps;
    uint16 custodianBps;
    uint16 curatorBps;
    uint16 custodian;
    uint40 until;
    uint88 deposit;
}

/// @notice What changes of a channel, packed into one slot (256 bits).
/// @param balance What is left of the payer's money
/// @param claimed What vouchers have paid so far, without the fee
/// @param closesAt Unix time from which a channel whose close was requested may be closed; zero before
/// @param nonce That of the last claimed voucher
struct ChannelStatus {
    uint88 balance;
    uint88 claimed;
    uint40 closesAt;
    uint32 nonce;
    ChannelState state;
}

/// @notice The payer's word on what is owed in all so far (EIP-712). A later voucher replaces an earlier one.
/// @param nonce Number of the call, from 1
/// @param amount Sum of the prices of all calls up to this one, without the fee
struct Voucher {
    bytes32 channel;
    uint32 nonce;
    uint88 amount;
}

/// @notice The custodian's word that nothing more than `amount` will be claimed (EIP-712).
struct Closing {
    bytes32 channel;
    uint88 amount;
}

/// @notice The payer's wish to close (EIP-712), for whoever passes it on.
struct CloseRequest {
    bytes32 channel;
}

/// @notice What the custodian states about one call (EIP-712). It stays off chain, with the payer.
/// @param nonce That of the voucher that paid for it
/// @param model SHA-256 of the model's file
/// @param input Salted commitment to the input
/// @param output SHA-256 of the output's canonical JSON
struct UsageReceipt {
    bytes32 channel;
    uint32 nonce;
    bytes32 model;
    bytes32 input;
    bytes32 output;
}
