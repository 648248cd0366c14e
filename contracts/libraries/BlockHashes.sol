// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @title BlockHashes
/// @notice Hashes of recent blocks: BLOCKHASH for 256 blocks, beyond it the history contract of EIP-2935 (8,191 blocks).
library BlockHashes {
    address internal constant HISTORY = 0x0000F90827F1C53a10cb7A02335B175320002935;

    /// @return The hash, or zero where it is out of reach
    function get(uint256 number) internal view returns (bytes32) {
        if (number >= block.number) return 0;
        if (block.number - number <= 256) return blockhash(number);
        (bool ok, bytes memory result) = HISTORY.staticcall(abi.encode(number));
        return ok && result.length == 32 ? abi.decode(result, (bytes32)) : bytes32(0);
    }
}
