// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

/// @title Signatures
/// @notice A key's signature, or a contract account's word (ERC-1271).
/// @dev The key is tried first: most signers are keys, and asking whether there is code costs a cold account (2,600 gas).
/// No key is known for a contract's address, so the order changes no answer; an account that delegates its code
/// (EIP-7702) keeps signing with its key.
library Signatures {
    /// @dev More than any transaction has: the call gets all that EIP-150 lets it have.
    uint256 internal constant ALL_GAS = type(uint256).max;

    function isValid(address signer, bytes32 digest, bytes calldata signature) internal view returns (bool) {
        return isKeys(signer, digest, signature) || isContracts(signer, digest, signature, ALL_GAS);
    }

    /// @notice Whether it is the signature of this very key.
    function isKeys(address key, bytes32 digest, bytes calldata signature) internal pure returns (bool) {
        (address recovered, ECDSA.RecoverError failure, ) = ECDSA.tryRecoverCalldata(digest, signature);
        return failure == ECDSA.RecoverError.NoError && recovered == key;
    }

    /// @notice Whether a contract account takes the signature for its own, asked with at most `gasLimit` gas.
    /// @dev Reads one word of the answer whatever its length, so that an account can burn no more than its limit.
    function isContracts(
        address account,
        bytes32 digest,
        bytes calldata signature,
        uint256 gasLimit
    ) internal view returns (bool) {
        return _asked(account, abi.encodeCall(IERC1271.isValidSignature, (digest, signature)), gasLimit);
    }

    /// @notice `isValid` for a signature that was decoded into memory.
    function isValidFromMemory(
        address signer,
        bytes32 digest,
        bytes memory signature
    ) internal view returns (bool) {
        (address recovered, ECDSA.RecoverError failure, ) = ECDSA.tryRecover(digest, signature);
        if (failure == ECDSA.RecoverError.NoError && recovered == signer) return true;
        return _asked(signer, abi.encodeCall(IERC1271.isValidSignature, (digest, signature)), ALL_GAS);
    }

    function _asked(address account, bytes memory data, uint256 gasLimit) private view returns (bool valid) {
        bytes32 selector = IERC1271.isValidSignature.selector;
        assembly ("memory-safe") {
            let taken := staticcall(gasLimit, account, add(data, 0x20), mload(data), 0x00, 0x20)
            valid := and(taken, and(gt(returndatasize(), 0x1f), eq(mload(0x00), selector)))
        }
    }
}
