; SPDX-License-Identifier: MIT OR Apache-2.0
;
; Passes TCP and UDP packets from or to one port, and drops all others.
;
;   in    r1 = the frame, r2 = its length in bytes
;   out   r0 = 1: it passes; 0: it is dropped
;   uses  r6 = where we are in the frame, r7 = bytes left from there

.equ PORT, 53

; Ethernet (IEEE 802.3)
.equ ETH_LEN,   14
.equ ETH_TYPE,  12
.equ TYPE_IPV4, 0x0800
.equ TYPE_IPV6, 0x86dd

; IPv4 (RFC 791) and IPv6 (RFC 8200)
.equ IPV4_LEN,      20          ; at least: options may follow
.equ IPV4_FRAGMENT, 6
.equ IPV4_PROTOCOL, 9
.equ IPV6_LEN,      40
.equ IPV6_NEXT,     6
.equ PROTO_TCP,     6
.equ PROTO_UDP,     17

filter:
        mov   r0, 0             // dropped, unless shown otherwise
        mov   r6, r1
        mov   r7, r2
        jlt   r7, ETH_LEN, done
        ldxh  r3, [r6+ETH_TYPE]
        be16  r3
        add   r6, ETH_LEN
        sub   r7, ETH_LEN
        jeq   r3, TYPE_IPV4, ipv4
        jeq   r3, TYPE_IPV6, ipv6
        exit

ipv4:   jlt   r7, IPV4_LEN, done
        ldxh  r4, [r6+IPV4_FRAGMENT]
        be16  r4
        jset  r4, 0x1fff, done  // a later fragment has no ports
        ldxb  r3, [r6+IPV4_PROTOCOL]
        ldxb  r4, [r6]
        and   r4, 15            // the header's length, in units of 4 bytes
        lsh   r4, 2
        jlt   r4, IPV4_LEN, done
        jgt   r4, r7, done
        add   r6, r4
        sub   r7, r4
        ja    transport

ipv6:   jlt   r7, IPV6_LEN, done
        ldxb  r3, [r6+IPV6_NEXT]
        add   r6, IPV6_LEN
        sub   r7, IPV6_LEN

transport:                      # r3 = protocol
        jeq   r3, PROTO_TCP, ports
        jne   r3, PROTO_UDP, done

ports:  jlt   r7, 4, done
        ldxh  r3, [r6]          # source
        be16  r3
        jeq   r3, PORT, pass
        ldxh  r3, [r6+2]        # destination
        be16  r3
        jne   r3, PORT, done

pass:   mov   r0, 1
done:   exit
