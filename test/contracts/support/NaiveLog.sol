// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @title NaiveLog
/// @notice Merkle tree hash and consistency proof by the recursive definitions of RFC 6962 §2.1 and §2.1.2.
/// @dev Written apart from the verifier, which walks the proof by RFC 9162 §2.1.4.2. A log is the list of its leaf hashes.
library NaiveLog {
    function leaf(bytes memory entry) internal pure returns (bytes32) {
        return sha256(bytes.concat(hex"00", entry));
    }

    /// @notice MTH of the leaves from `from` (included) to `to` (excluded).
    function root(bytes32[] memory leaves, uint256 from, uint256 to) internal pure returns (bytes32) {
        if (to - from == 1) return leaves[from];
        uint256 middle = from + _split(to - from);
        return sha256(bytes.concat(hex"01", root(leaves, from, middle), root(leaves, middle, to)));
    }

    /// @notice PROOF(m, D[n]), m ≥ 1.
    function proof(bytes32[] memory leaves, uint256 m, uint256 n) internal pure returns (bytes32[] memory) {
        return _subproof(leaves, m, 0, n, true);
    }

    function _subproof(
        bytes32[] memory leaves,
        uint256 m,
        uint256 from,
        uint256 to,
        bool known
    ) private pure returns (bytes32[] memory) {
        if (m == to - from) {
            return known ? new bytes32[](0) : _append(new bytes32[](0), root(leaves, from, to));
        }
        uint256 k = _split(to - from);
        if (m <= k) {
            bytes32[] memory left = _subproof(leaves, m, from, from + k, known);
            return _append(left, root(leaves, from + k, to));
        }
        bytes32[] memory right = _subproof(leaves, m - k, from + k, to, false);
        return _append(right, root(leaves, from, from + k));
    }

    function _append(bytes32[] memory list, bytes32 item) private pure returns (bytes32[] memory longer) {
        longer = new bytes32[](list.length + 1);
        for (uint256 i = 0; i < list.length; ++i) longer[i] = list[i];
        longer[list.length] = item;
    }

    /// @dev The largest power of two smaller than n.
    function _split(uint256 n) private pure returns (uint256 k) {
        k = 1;
        while (k * 2 < n) k *= 2;
    }
}
