/** Name of the library that is linked to the transformed contracts, and its file. */
export const PROBE = "SalusProbe";
export const PROBE_FILE = "project/contracts/SalusProbe.sol";

/** Stands where the probe's address would be linked: what is put there chooses what the probes do. */
export const RECORD = (1n << 160n) - 1n;

/**
 * The probe. Its "address" is a number that the lab writes into the compiled code: the id of the mutant that is to act,
 * zero for none, or RECORD. The compiler cannot fold it, and reading it costs a push. On RECORD each probe tells the
 * test runner that it was passed, by a call to the address at which the runner counts coverage. The cast lets pure
 * functions hold probes: a static call changes nothing.
 */
export const PROBE_SOURCE = `// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

library ${PROBE} {
    function anchor() external {}

    /// @notice Whether mutant \`id\` acts.
    function on(uint256 id) internal pure returns (bool) {
        return _pure(_on)(id, 0) != 0;
    }

    /// @notice Tells that \`id\` was passed.
    function mark(uint256 id) internal pure {
        _pure(_mark)(id, 0);
    }

    /// @notice Tells the outcome of condition \`id\` and hands it on.
    function see(uint256 id, bool outcome) internal pure returns (bool) {
        _pure(_mark)(2 * id, outcome ? 1 : 0);
        return outcome;
    }

    function _on(uint256 id, uint256) private view returns (uint256) {
        uint256 chosen = uint160(address(${PROBE}));
        if (chosen == ${RECORD}) _hit(id);
        return chosen == id ? 1 : 0;
    }

    function _mark(uint256 id, uint256 plus) private view returns (uint256) {
        if (uint160(address(${PROBE})) == ${RECORD}) _hit(id + plus);
        return 0;
    }

    function _hit(uint256 id) private view {
        assembly ("memory-safe") {
            mstore(0, id)
            pop(staticcall(gas(), 0xc0bEc0BEc0BeC0bEC0beC0bEC0bEC0beC0beC0BE, 0, 32, 0, 0))
        }
    }

    function _pure(
        function(uint256, uint256) internal view returns (uint256) impure
    ) private pure returns (function(uint256, uint256) internal pure returns (uint256) clean) {
        assembly ("memory-safe") {
            clean := impure
        }
    }
}
`;

/** The import that a transformed source needs, put after its pragma. */
export function withProbe(source: string): string {
  return source.replace(/^(pragma solidity [^;]+;)/m, `$1 import {${PROBE}} from "${PROBE_FILE}";`);
}
